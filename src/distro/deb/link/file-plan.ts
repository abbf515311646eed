// SPDX-License-Identifier: GPL-2.0-or-later
import { posix } from 'node:path';
import type { UnpackedEntry } from './unpacked-package.ts';

export type PathKind = 'absent' | 'directory' | 'symlink' | 'other';

/** What a root has before anything is linked into it. Paths are absolute inside and go through no symbolic link. */
export interface RootView {
  kindOf(path: string): PathKind;
  targetOf(path: string): string;
  directoryAttributes(path: string): DirectoryAttributes;
}

export interface DirectoryAttributes {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export type PlannedDirectory = DirectoryAttributes & { readonly path: string };

export interface PlannedLink {
  readonly path: string;
  /** Absolute path outside. */
  readonly source: string;
}

/** What a package brings; `source` of an entry is `data` + its path. */
export interface PackageFiles {
  readonly data: string;
  readonly entries: readonly UnpackedEntry[];
  /** Put beside their place with dpkg's suffix for new configuration files: configuring gives them their name. */
  readonly conffiles: ReadonlySet<string>;
}

/** Directories, by their real places, for which packages don't have the attributes that they have or get. */
export interface DirectoryDisputes {
  /** New ones, which two packages have with different attributes. */
  readonly contested: readonly string[];
  /** Those that the root has with other attributes than a package. */
  readonly kept: readonly string[];
}

const longestLinkChain = 40;

/**
 * Where the files of packages go in a directory that will lie over a root: each to its real place (packages name paths
 * through the links of a merged /usr), nothing over anything that is there. A package that would need that is refused,
 * and leaves no trace: dpkg knows what to do with it.
 */
export class FilePlan {
  readonly directories: PlannedDirectory[] = [];
  readonly links: PlannedLink[] = [];
  readonly #view: RootView;
  readonly #reserved: ReadonlySet<string>;
  readonly #made = new Map<string, PathKind>();
  readonly #targets = new Map<string, string>();
  readonly #resolved = new Map<string, string | undefined>([['/', '/']]);
  readonly #covered = new Set<string>();

  /** `reserved`: paths that are diverted or have owners of the administrator's. */
  constructor(view: RootView, reserved: ReadonlySet<string>) {
    this.#view = view;
    this.#reserved = reserved;
    this.cover('/');
  }

  /** Adds a package; undefined where it was, else the path that speaks against it. */
  add(files: PackageFiles): string | undefined {
    const added: { path: string; entry: UnpackedEntry }[] = [];
    const own = new Set<string>();
    for (const entry of files.entries) {
      const path = this.#placeOf(entry.path);
      if (path === undefined || this.#reserved.has(entry.path) || entry.kind === 'special') {
        return this.#forget(added, entry.path);
      }
      if (this.#kindOf(posix.dirname(path)) !== 'directory') return this.#forget(added, entry.path);
      const there = own.has(path) ? 'other' : this.#kindOf(path);
      if (entry.kind === 'directory') {
        if (there === 'directory' || (there === 'symlink' && this.#leadsToDirectory(entry.path))) continue;
      }
      if (there !== 'absent') return this.#forget(added, entry.path);
      own.add(path);
      added.push({ path, entry });
      this.#made.set(path, entry.kind === 'file' ? 'other' : entry.kind);
      if (entry.kind === 'symlink') this.#targets.set(path, entry.target);
    }
    for (const { path, entry } of added) this.#commit(path, entry, files);
    return undefined;
  }

  /** Makes sure that a directory which the root has is in the plan, with its attributes: it will be the topmost one. */
  cover(path: string): void {
    if (this.#covered.has(path)) return;
    this.#covered.add(path);
    if (path !== '/') this.cover(posix.dirname(path));
    if (this.#made.get(path) !== 'directory')
      this.directories.push({ path, ...this.#view.directoryAttributes(path) });
  }

  /** Links a file of dpkg's database, whose directory the root has. */
  addLink(path: string, source: string): void {
    this.cover(posix.dirname(path));
    this.links.push({ path, source });
  }

  /**
   * What packages, those that dpkg unpacks included, have against each other's directories and those of the root: dpkg gives
   * a new one the attributes that the package unpacked first has for it, and leaves one that is there as it is. To be
   * asked when all have been added.
   */
  disputes(packages: readonly (readonly UnpackedEntry[])[]): DirectoryDisputes {
    const [contested, kept] = [new Set<string>(), new Set<string>()];
    const attributes = new Map<string, DirectoryAttributes>();
    for (const entry of packages.flat()) {
      if (entry.kind !== 'directory') continue;
      const path = this.#resolve(entry.path, longestLinkChain);
      if (path === undefined) continue;
      const isThere = this.#view.kindOf(path) === 'directory';
      const first = attributes.get(path) ?? (isThere ? this.#view.directoryAttributes(path) : entry);
      attributes.set(path, first);
      if (!areEqual(first, entry)) (isThere ? kept : contested).add(path);
    }
    return { contested: [...contested], kept: [...kept] };
  }

  #commit(path: string, entry: UnpackedEntry, files: PackageFiles): void {
    this.cover(posix.dirname(path));
    if (entry.kind === 'directory') {
      this.directories.push({ path, mode: entry.mode, uid: entry.uid, gid: entry.gid });
      this.#covered.add(path);
      return;
    }
    const suffix = files.conffiles.has(entry.path) ? '.dpkg-new' : '';
    this.links.push({ path: `${path}${suffix}`, source: `${files.data}${entry.path}` });
  }

  #forget(added: readonly { path: string }[], because: string): string {
    for (const { path } of added) {
      this.#made.delete(path);
      this.#targets.delete(path);
    }
    // what was resolved meanwhile may have gone through a link of this package's
    if (added.length > 0) {
      this.#resolved.clear();
      this.#resolved.set('/', '/');
    }
    return because;
  }

  /** The real path of an entry: its directory resolved, itself not; undefined where its directory can't be one. */
  #placeOf(path: string): string | undefined {
    const directory = this.#resolve(posix.dirname(path), longestLinkChain);
    return directory === undefined ? undefined : posix.join(directory, posix.basename(path));
  }

  #leadsToDirectory(path: string): boolean {
    const real = this.#resolve(path, longestLinkChain);
    return real !== undefined && this.#kindOf(real) === 'directory';
  }

  #resolve(path: string, linksLeft: number): string | undefined {
    if (this.#resolved.has(path)) return this.#resolved.get(path);
    const parent = this.#resolve(posix.dirname(path), linksLeft);
    const real =
      parent === undefined ? undefined : this.#follow(posix.join(parent, posix.basename(path)), linksLeft);
    this.#resolved.set(path, real);
    return real;
  }

  #follow(path: string, linksLeft: number): string | undefined {
    const kind = this.#kindOf(path);
    if (kind === 'other' || linksLeft === 0) return undefined;
    if (kind !== 'symlink') return path;
    const target = this.#targets.get(path) ?? this.#view.targetOf(path);
    return this.#resolve(posix.resolve(posix.dirname(path), target), linksLeft - 1);
  }

  #kindOf(path: string): PathKind {
    return this.#made.get(path) ?? this.#view.kindOf(path);
  }
}

function areEqual(one: DirectoryAttributes, other: DirectoryAttributes): boolean {
  return one.mode === other.mode && one.uid === other.uid && one.gid === other.gid;
}
