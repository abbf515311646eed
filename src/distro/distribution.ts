// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';
import type { CompareOptions } from '../host/compare-trees.ts';
import type { DownloadSettings } from '../host/download-settings.ts';
import type { Priority } from '../host/priority.ts';
import type {
  Archive,
  ArchiveCheck,
  ArchiveCheckRequest,
  ArchiveComparison,
  ArchiveComparisonRequest,
  ArchiveState,
  UnpackedFiles,
} from './archive-check.ts';
import type { Catalog } from './catalog.ts';
import type { FailureKnowledge } from './failure-rule.ts';
import type { HostRemark } from './host-remark.ts';
import type { InstallForecast } from './install-forecast.ts';
import type { LocalPackage, ResolvedPackage } from './package.ts';
import type { PackageDescription } from './package-description.ts';
import type {
  ChosenRepositories,
  FreezeRequest,
  FrozenRepositories,
  WantedRepositories,
} from './repository.ts';
import type {
  BuildDependencyRequest,
  CandidateCheckRequest,
  CandidateRequest,
  ForeseeRequest,
  NotForArchitecture,
  Resolution,
  ResolveContext,
  UninstallableCandidate,
  WantedPackages,
} from './resolution.ts';
import type { CommandEnd, CommandRoot, Root } from './root.ts';
import type { PackageFile, RemoteFile, SourceFiles, SourceInput } from './source-input.ts';

export type { LocalPackage, ResolvedPackage } from './package.ts';

/**
 * The seam between packaging systems. All that is Debian's stands in distro/deb behind this interface; nothing above
 * says "apt" or "dpkg", and nothing here knows sandboxes, buildroots or campaigns. Functions that work inside a root
 * get one that is ready (distro/root.ts); files that they need are already in the pool.
 */
export interface Distribution {
  readonly kind: DistributionKind;

  /** Where builds are, inside of roots; every base has it. */
  readonly buildDirectory: string;

  /** Whether what the user said about repositories is in this packaging system's own words. Throws PasekaError bad-source-list. */
  isMeant(wanted: WantedRepositories): Promise<boolean>;

  /**
   * Fetches and verifies release files and indices into `directory` (existing, empty, the caller's). Throws
   * PasekaError: mirror-unreachable, signature-invalid, index-expired, index-corrupt, unknown-suite, no-repositories.
   */
  freeze(request: FreezeRequest, directory: string): Promise<FrozenRepositories>;

  /**
   * Which repositories stand for what the user asked for, from the host's own sources where nothing else is said. Throws
   * PasekaError bad-source-list, no-repositories, bad-option, tool-missing.
   */
  findRepositories(wanted: WantedRepositories): Promise<ChosenRepositories>;

  /** The architecture of this host's packages. */
  hostArchitecture(): Promise<string>;

  /** How this host's own packaging tools reach their mirrors. */
  downloadSettings(): Promise<DownloadSettings>;

  /** What of this host's own packaging settings a user should know, since snapshots follow them. */
  hostRemarks(): Promise<readonly HostRemark[]>;

  /** Opens what {@link freeze} wrote. Throws PasekaError index-corrupt. */
  openCatalog(frozenDirectory: string): Promise<Catalog>;

  /** Everything in a catalog that can't be built or installed, whatever else is chosen; needs no base. */
  checkArchive(request: ArchiveCheckRequest): Promise<ArchiveCheck>;

  /** What can't be had of one state of an archive and could of an earlier one; needs no base. */
  compareArchives(request: ArchiveComparisonRequest): Promise<ArchiveComparison>;

  /** Opens a state of an archive for questions about single packages; needs no base. */
  openArchive(state: ArchiveState): Promise<Archive>;

  /** Whether packages of this architecture are for every machine, so that nothing in them is for a linker. */
  isForEveryMachine(architecture: string): boolean;

  /** What a package that {@link unpackPackage} unpacked puts down. */
  readUnpackedFiles(directory: string): Promise<UnpackedFiles>;

  /**
   * Checks files of the repositories beyond their digests, before anything in them is run: see {@link RemoteFile.signedBy}.
   * Throws PasekaError signature-invalid, tool-missing, cancelled.
   */
  verifyFiles(request: VerifyRequest): Promise<void>;

  /** Which packages a base of this variant is made from: fetched by the caller before {@link makeBase}. */
  listBasePackages(request: BasePackagesRequest): Promise<readonly PackageFile[]>;

  /** Makes a base. Throws PasekaError base-failed. The caller publishes the directory when this has returned. */
  makeBase(request: MakeBaseRequest): Promise<void>;

  /**
   * Puts what resolving over this base needs (index caches) beside it, once; `root` is a fresh root over the base.
   * Everything written goes to `context.preparedDirectory`, which exists, is empty and later is never changed.
   */
  prepareResolver(root: Root, context: ResolveContext): Promise<void>;

  /**
   * Exactly what would be installed over the base to build a source. Candidates that the base has in another version
   * are among it, so that a new compiler is what the source is built with.
   */
  resolveBuildDependencies(
    root: CommandRoot,
    context: ResolveContext,
    request: BuildDependencyRequest,
  ): Promise<Resolution | NotForArchitecture>;

  /** Exactly what would be installed over the base for these packages, without recommended ones. */
  resolvePackages(root: CommandRoot, context: ResolveContext, wanted: WantedPackages): Promise<Resolution>;

  /**
   * What building these sources will probably need, found without the repository's files and without a root: for planning.
   * Whoever installs asks {@link resolveBuildDependencies}. Works in short steps; throws PasekaError cancelled.
   */
  foreseeInstallSets(context: ResolveContext, request: ForeseeRequest): Promise<InstallForecast>;

  /**
   * Build profiles under which a source needs less to be built, for sources that need each other: those that change least
   * of what is built first.
   */
  readonly profilesAgainstCycles: readonly string[];

  /** Installs exactly `packages` without any network. `pathOf` gives a package file's path outside. */
  installPackages(root: Root, context: ResolveContext, request: InstallRequest): Promise<InstallEnd>;

  /**
   * Unpacks a package file into `directory` (existing, empty), once for all roots; what is there afterwards is this
   * packaging system's own. Throws PasekaError bad-binary-package, disk-full, cancelled.
   */
  unpackPackage(path: string, directory: string, priority: Priority, signal?: AbortSignal): Promise<void>;

  /**
   * Begins the installation of unpacked packages by linking their files into a directory that is to lie over a root.
   * Undefined where this set has to be installed by {@link installPackages}. Throws Node's ENOENT where an unpacked
   * package is not whole any more. Absent where this packaging system installs everything itself: nothing has to be unpacked
   * for it then.
   */
  readonly stagePackages?: (request: StageRequest) => Promise<StagedInstall | UnfitLayers | undefined>;

  /** What may differ between a root made by linking and one in which this packaging system installed the same. */
  readonly comparison: CompareOptions;

  /**
   * What this packaging system's own tools say of a root, where {@link comparison} passes over records of theirs: lines that have to
   * be the same of a root in which it installed the same. Absent where those records are compared as files.
   */
  readonly describeRoot?: (root: CommandRoot) => Promise<RootDescription>;

  /** Whether a word of the user's is a file that {@link openLocalSource} takes, by its name. */
  isSourceFile(fileName: string): boolean;

  /**
   * Opens a source of the user's, a packed one or a directory; its files are checked. Throws PasekaError
   * bad-source-package.
   */
  openLocalSource(path: string): Promise<SourceInput>;

  /** Whether a word of the user's is a file that {@link openLocalPackages} takes, by its name. */
  isPackagesFile(fileName: string): boolean;

  /**
   * Opens the binary packages of a file of the user's: one package, or all that a build's description lists. Throws
   * PasekaError bad-binary-package, bad-changes-file.
   */
  openLocalPackages(path: string): Promise<readonly LocalPackage[]>;

  /**
   * Opens packages of the user's that are to be preferred to the repository's: files as {@link openLocalPackages} takes
   * them, directories with all packages of the architecture below them, and further repositories. One of each name:
   * the newest. Throws PasekaError bad-binary-package (also for a directory without any and a file of another
   * architecture), bad-changes-file, and for a repository what {@link freeze} throws.
   */
  openCandidates(request: CandidateRequest): Promise<readonly LocalPackage[]>;

  /** Which candidates can't be installed over a catalog, the others preferred to its packages; needs no base. */
  findUninstallable(request: CandidateCheckRequest): Promise<readonly UninstallableCandidate[]>;

  /** Whether a file that a build gave is a package that is worth comparing with another build's. */
  isComparedPackage(fileName: string): boolean;

  /**
   * Reads what a package is made of, for comparing it; nothing is left in the scratch directory. Throws PasekaError
   * bad-binary-package.
   */
  describePackage(path: string, scratchDirectory: string): Promise<PackageDescription>;

  /** Whether a file that a build gave is a package, by its name. */
  isPackageFile(fileName: string): boolean;

  /** Whether a built package is install-checked: automatic debug packages are not. */
  isInstallChecked(file: LocalPackage): boolean;

  /** Unpacks and builds a source whose dependencies are installed. */
  buildSource(root: Root, source: SourceFiles, options: BuildOptions): Promise<BuildResult>;

  /**
   * Makes a repository of package files that this packaging system's own tools can use, with the directions how to sign and
   * use it; what an earlier one in its place had goes. Throws PasekaError bad-option for a directory that is something else,
   * tool-missing, tool-failed.
   */
  makeRepository(
    request: RepositoryRequest,
  ): Promise<{ readonly packages: number; readonly sources: number }>;

  /**
   * Installs, inspects, removes and purges one package over a root that has its dependencies already, or in a circle as far as
   * they go without it ({@link InstallRequest.absent}).
   */
  checkInstall(root: Root, file: LocalPackage): Promise<InstallCheckResult>;

  /** How this packaging system's own tools say why a build failed. */
  readonly failures: FailureKnowledge;
}

/** A name for each packaging system, as snapshots keep it. */
export type DistributionKind = 'deb' | 'rpm';

/** `build`: what every build starts with. `minimal`: what every install check starts with. */
export type BaseVariant = 'build' | 'minimal';

export interface VerifyRequest {
  readonly frozenDirectory: string;
  readonly files: readonly RemoteFile[];
  /** Where a file is on this machine. */
  readonly pathOf: (file: RemoteFile) => string;
  readonly scratchDirectory: string;
  readonly signal?: AbortSignal;
}

export interface BasePackagesRequest {
  readonly frozenDirectory: string;
  readonly architecture: string;
  readonly variant: BaseVariant;
  readonly signal?: AbortSignal;
}

export interface MakeBaseRequest {
  readonly frozenDirectory: string;
  readonly architecture: string;
  readonly variant: BaseVariant;
  readonly packages: readonly PackageFile[];
  readonly pathOf: (file: PackageFile) => string;
  /** Existing and empty; becomes the root. */
  readonly directory: string;
  /** Scratch space, existing and empty. */
  readonly scratchDirectory: string;
  readonly onOutput: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface InstallRequest {
  readonly packages: readonly ResolvedPackage[];
  readonly removed: readonly string[];
  readonly pathOf: (file: PackageFile) => string;
  /**
   * Where some of them need a package that is not among them, since it needs them in turn: that package. They are brought in as
   * far as that goes without it, and {@link Distribution.checkInstall} of that package finishes it.
   */
  readonly absent?: LocalPackage;
}

export interface StageRequest {
  /** A root's `/` as it is without the packages, for reading. */
  readonly view: string;
  /** The base of that root. */
  readonly base: string;
  /** Directories outside that hold what the layers in that root have put over its base. */
  readonly layers: readonly string[];
  /** Existing and empty, on the file system of the unpacked packages: becomes a directory over that root. */
  readonly target: string;
  /** In the order of installation where one is known. */
  readonly packages: readonly {
    /** As {@link Distribution.unpackPackage} left it. */
    readonly directory: string;
    /** The package file. */
    readonly archive: string;
  }[];
  readonly scratchDirectory: string;
}

/** Nothing was begun: over these layers, the set would not become what it is when all is installed at once. */
export interface UnfitLayers {
  readonly kind: 'unfit-layers';
  /** Absolute paths inside a root: it is so over every layer that has put down one of them. */
  readonly paths: readonly string[];
}

export interface StagedInstall {
  readonly kind: 'staged';
  /** Which packages could not be linked, and why not. */
  readonly byPackagingSystem: readonly { readonly name: string; readonly because: string }[];
  /** Does what is left, in a root that has the directory over it: maintainer scripts, and what could not be linked. */
  finish(root: Root): Promise<InstallEnd>;
}

export type InstallEnd =
  | { readonly kind: 'installed' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'interrupted'; readonly end: CommandEnd };

export type RootDescription =
  | { readonly kind: 'described'; readonly lines: readonly string[] }
  | { readonly kind: 'interrupted'; readonly end: CommandEnd };

export interface BuildOptions {
  /** Processes that the build may run at once. */
  readonly parallel: number;
  readonly profiles: readonly string[];
  /** Called as each step begins, for events and for the time of the build alone. */
  readonly onStep: (step: 'unpack' | 'build' | 'collect') => void;
}

export type BuildResult =
  /** Paths are outside the root, inside its directory: the caller takes them before the root goes. */
  | {
      readonly kind: 'built';
      readonly artifacts: readonly BuiltFile[];
      readonly packages: readonly LocalPackage[];
    }
  /**
   * What the build does found out that it needs more than was known before. With all of it installed, it is to be begun again
   * in a fresh root; it may then find out more.
   */
  | {
      readonly kind: 'needs-more';
      /** A source package that says all that the build needs. Outside the root, inside its directory. */
      readonly description: SourceFiles['files'][number];
      readonly reason: string;
    }
  | NotForArchitecture
  | { readonly kind: 'failed'; readonly stage: 'unpack' | 'build' | 'collect'; readonly reason: string }
  | {
      readonly kind: 'interrupted';
      readonly stage: 'unpack' | 'build' | 'collect';
      readonly end: CommandEnd;
    };

export interface RepositoryRequest {
  /** Absolute. */
  readonly directory: string;
  readonly suite: string;
  readonly architecture: string;
  readonly description: string;
  /** What builds gave; files that are no packages are left out. */
  readonly packages: readonly RepositoryFile[];
  readonly sources: readonly RepositoryFile[];
}

export interface RepositoryFile {
  /** The name of the source that it is, or was built from. */
  readonly source: string;
  readonly fileName: string;
  readonly path: string;
}

export interface BuiltFile {
  readonly fileName: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: Sha256;
}

export type InstallCheckResult =
  | { readonly kind: 'passed'; readonly warnings: readonly string[] }
  | {
      readonly kind: 'failed';
      /** `install-dependencies`: what had waited for it, in a circle. */
      readonly step: 'install-dependencies' | 'install' | 'verify' | 'remove' | 'purge';
      readonly reason: string;
      readonly warnings: readonly string[];
    }
  | { readonly kind: 'interrupted'; readonly end: CommandEnd };
