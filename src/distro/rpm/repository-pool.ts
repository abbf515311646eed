// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import { contentName, parseSha256 } from '../../base/digest.ts';
import { invariant } from '../../base/invariant.ts';
import { fillFromSolv } from '../../host/libsolv/solv-files.ts';
import { SolvPool, type SolvRepository } from '../../host/libsolv/solv-pool.ts';
import { frozenCorrupt } from '../frozen-description.ts';
import type { PackageFile } from '../source-input.ts';
import { type FrozenDirectory, type FrozenRepository, frozenLayout } from './frozen-directory.ts';

/** A frozen repository in a pool. */
interface PooledRepository {
  readonly frozen: FrozenRepository;
  readonly solv: SolvRepository;
}

export interface PoolOptions {
  /** Adds what comes before the repositories: the first decides where nothing else does, and dnf begins with what is installed. */
  readonly loadBefore?: (pool: SolvPool) => void;
  /** Which names of packages count; default: all. Sources always do. */
  readonly passes?: (name: string) => boolean;
}

/**
 * The repositories of a frozen directory in a pool of libsolv, ready for questions. Packages are numbers there; sources
 * are among them, and no dependency is met by them.
 */
export class RepositoryPool {
  readonly pool: SolvPool;
  readonly repositories: readonly PooledRepository[];
  readonly #sourceArchitectures: ReadonlySet<number>;
  readonly #packages = new Map<number, number[]>();
  readonly #sources = new Map<number, number[]>();

  private constructor(pool: SolvPool, repositories: readonly PooledRepository[]) {
    this.pool = pool;
    this.repositories = repositories;
    this.#sourceArchitectures = sourceArchitectures(pool);
    for (const { frozen, solv } of repositories) {
      for (const id of pool.solvablesOf(solv)) {
        const isSource = this.isSource(id);
        if (frozen.sourcesOnly && !isSource) continue;
        const byName = isSource ? this.#sources : this.#packages;
        const name = pool.nameId(id);
        const others = byName.get(name);
        if (others === undefined) byName.set(name, [id]);
        else others.push(id);
      }
    }
  }

  /** Loads what was frozen. Throws PasekaError index-corrupt, tool-missing. */
  static open(
    frozenDirectory: string,
    { architecture, repositories }: FrozenDirectory,
    { loadBefore, passes }: PoolOptions = {},
  ): RepositoryPool {
    const pool = new SolvPool(architecture);
    loadBefore?.(pool);
    const sources = sourceArchitectures(pool);
    const pooled = repositories.map((frozen) => {
      const path = join(frozenDirectory, frozen.directory, frozenLayout.solv);
      try {
        const solv = pool.add(frozen.name, frozen.priority, fillFromSolv(path));
        const isSource = (id: number): boolean => sources.has(pool.archId(id));
        if (frozen.sourcesOnly) pool.filter(solv, isSource);
        if (passes !== undefined) {
          pool.filter(solv, (id) => isSource(id) || passes(pool.text(pool.nameId(id))));
        }
        return { frozen, solv };
      } catch (error) {
        throw frozenCorrupt(path, (error as Error).message, error);
      }
    });
    pool.prepare();
    return new RepositoryPool(pool, pooled);
  }

  isSource(id: number): boolean {
    return this.#sourceArchitectures.has(this.pool.archId(id));
  }

  /** All versions of a package in all repositories. */
  packagesOfName(name: string): readonly number[] {
    return this.#packages.get(this.pool.findText(name)) ?? [];
  }

  /** All versions of a source in all repositories. */
  sourcesOfName(name: string): readonly number[] {
    return this.#sources.get(this.pool.findText(name)) ?? [];
  }

  packageNames(): string[] {
    return Array.from(this.#packages.keys(), (name) => this.pool.text(name));
  }

  sourceNames(): string[] {
    return Array.from(this.#sources.keys(), (name) => this.pool.text(name));
  }

  /** Every package of every repository, sources left out. */
  *packages(): Iterable<number> {
    for (const ids of this.#packages.values()) yield* ids;
  }

  /** Best first, as libsolv chooses: of the most preferred repositories, there the newest, of one version that of the first. */
  preferredFirst(ids: readonly number[]): number[] {
    return [...ids].sort(
      (a, b) =>
        this.#repositoryOf(b).frozen.priority - this.#repositoryOf(a).frozen.priority ||
        this.pool.compareVersions(this.pool.evrId(b), this.pool.evrId(a)) ||
        a - b,
    );
  }

  /** Whether a repository has it, and not what is installed or the user's own. */
  isOfRepository(id: number): boolean {
    return this.repositories.some(({ solv }) => id >= solv.start && id < solv.end);
  }

  name(id: number): string {
    return this.pool.text(this.pool.nameId(id));
  }

  version(id: number): string {
    return this.pool.text(this.pool.evrId(id));
  }

  architecture(id: number): string {
    return this.pool.text(this.pool.archId(id));
  }

  /** The name of the source that a package was built from; its own where it doesn't say. */
  sourceName(id: number): string {
    const named = this.pool.lookupId(id, 'solvable:sourcename');
    return named === 0 ? this.name(id) : this.pool.text(named);
  }

  /** The file of a repository's package. Throws PasekaError index-corrupt where its index gives no SHA-256. */
  packageFile(id: number): PackageFile {
    const { pool } = this;
    const { frozen } = this.#repositoryOf(id);
    const location = pool.location(id) ?? '';
    const base = pool.lookupText(id, 'solvable:mediabase') ?? frozen.uri;
    return {
      name: this.name(id),
      version: this.version(id),
      architecture: this.architecture(id),
      fileName: basename(location),
      url: `${base.replace(/\/+$/, '')}/${location}`,
      bytes: pool.lookupNumber(id, 'solvable:downloadsize'),
      ...this.#content(id),
      ...(frozen.packageKeys.length === 0 ? {} : { signedBy: frozen.packageKeys }),
    };
  }

  #content(id: number): Pick<PackageFile, 'sha256' | 'hashedBy'> {
    const { packageDigest } = this.#repositoryOf(id).frozen;
    const hex = this.pool.lookupChecksum(id) ?? '';
    if (packageDigest !== 'sha256' && hex !== '') {
      return { sha256: contentName(packageDigest, hex), hashedBy: packageDigest };
    }
    const sha256 = parseSha256(hex);
    if (sha256 !== undefined) return { sha256 };
    throw frozenCorrupt(
      this.#repositoryOf(id).frozen.uri,
      `its index has no SHA-256 of ${this.pool.describe(id)}`,
    );
  }

  #repositoryOf(id: number): PooledRepository {
    const found = this.repositories.find(({ solv }) => id >= solv.start && id < solv.end);
    invariant(found !== undefined, `${this.pool.describe(id)} is of no repository`);
    return found;
  }
}

function sourceArchitectures(pool: SolvPool): ReadonlySet<number> {
  return new Set([pool.makeText('src'), pool.makeText('nosrc')]);
}
