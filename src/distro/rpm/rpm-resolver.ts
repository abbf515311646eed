// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { fillFromPackages, fillFromSolv } from '../../host/libsolv/solv-files.ts';
import { type SolvRepository, selectOf } from '../../host/libsolv/solv-pool.ts';
import { solve } from '../../host/libsolv/solve.ts';
import type { LocalPackage, ResolvedPackage } from '../distribution.ts';
import type { Resolution } from '../resolution.ts';
import type { Demand } from './demand.ts';
import { explainFacts } from './explain-facts.ts';
import { type FrozenDirectory, readFrozenDirectory } from './frozen-directory.ts';
import { installedSolv } from './installed-packages.ts';
import { matchSetsByName } from './match-sets-by-name.ts';
import { reasonsOf } from './reasons.ts';
import { RepositoryPool } from './repository-pool.ts';

/** Preferred to any priority that a user's source can give. */
const localPriority = 1_000_000;

/**
 * The resolver of one base (or of none): its packages installed, the snapshot's repositories and packages of the user's own
 * beside them. It is kept; the user's own packages are exchanged from question to question. Every method is synchronous,
 * so that nobody else's come between.
 */
export class RpmResolver {
  readonly repositories: RepositoryPool;
  /** That of the snapshot. */
  readonly architecture: string;
  #local: { readonly packages: readonly LocalPackage[]; readonly solv: SolvRepository } | undefined;

  private constructor(repositories: RepositoryPool, architecture: string) {
    this.repositories = repositories;
    this.architecture = architecture;
  }

  /** @param installed path of what installed-packages.ts wrote; undefined: nothing is installed. */
  static async open(frozenDirectory: string, installed: string | undefined): Promise<RpmResolver> {
    return RpmResolver.over(frozenDirectory, await readFrozenDirectory(frozenDirectory), installed);
  }

  /**
   * The same with the frozen directory's description at hand. @param passes which names of the repositories' packages count.
   * Throws PasekaError index-corrupt, tool-missing.
   */
  static over(
    frozenDirectory: string,
    frozen: FrozenDirectory,
    installed: string | undefined,
    passes?: (name: string) => boolean,
  ): RpmResolver {
    const repositories = RepositoryPool.open(frozenDirectory, frozen, {
      loadBefore: (pool) => {
        if (installed !== undefined) pool.setInstalled(pool.add('@System', 0, fillFromSolv(installed)));
      },
      ...(passes === undefined ? {} : { passes }),
    });
    return new RpmResolver(repositories, frozen.architecture);
  }

  /** Makes these the user's own packages that may be chosen. Throws PasekaError bad-binary-package. */
  use(local: readonly LocalPackage[]): void {
    const { pool } = this.repositories;
    const digests = (packages: readonly LocalPackage[]): string =>
      packages.map(({ sha256 }) => sha256).join(' ');
    if (digests(this.#local?.packages ?? []) === digests(local)) return;
    if (this.#local !== undefined) pool.remove(this.#local.solv);
    this.#local = undefined;
    try {
      if (local.length === 0) return;
      const solv = pool.add('local', localPriority, fillFromPackages(local.map(({ path }) => path)));
      matchSetsByName(pool, solv);
      this.#local = { packages: local, solv };
    } catch (error) {
      throw new PasekaError(
        'bad-binary-package',
        `a package of yours can't be read: ${(error as Error).message}`,
        'build it anew',
        error,
      );
    } finally {
      pool.prepare();
    }
  }

  /** The number of one of the packages in {@link use}. */
  localId(file: LocalPackage): number {
    const { packages = [], solv } = this.#local ?? {};
    return (solv?.start ?? 0) + packages.findIndex(({ sha256 }) => sha256 === file.sha256);
  }

  /** Numbers of the user's own packages, in their order. */
  localIds(): number[] {
    return (this.#local?.packages ?? []).map((file) => this.localId(file));
  }

  /** Whether a package of this name is installed. */
  isInstalledName(id: number): boolean {
    const { pool } = this.repositories;
    return pool.matching(selectOf.name, pool.nameId(id)).some((one) => pool.isInstalled(one));
  }

  /** A source of the repositories in this version. */
  findSource(name: string, version: string): number | undefined {
    const { repositories } = this;
    return repositories
      .preferredFirst(repositories.sourcesOfName(name))
      .find((id) => repositories.version(id) === version);
  }

  /** Names of the sources that what is installed was built from. */
  installedSources(): string[] {
    const { pool } = this.repositories;
    return [...new Set(Array.from(pool.installed(), (id) => this.repositories.sourceName(id)))];
  }

  /** Build dependencies of a source in the pool. */
  requiresOf(source: number): number[] {
    const { pool } = this.repositories;
    return pool
      .dependencies(source, 'solvable:requires')
      .filter((one) => !pool.dependencyText(one).startsWith('rpmlib('));
  }

  /** Asks. @param wantsReasons whether the answer says why each package is in it. */
  answer(demand: Demand, wantsReasons: boolean): Extract<Resolution, { kind: 'resolved' | 'unsatisfiable' }> {
    const { repositories } = this;
    const { pool } = repositories;
    const end = solve(pool, { jobs: demand.jobs, order: true });
    if (end.kind === 'unsolvable') {
      const explanation = explainFacts(repositories, end.facts, demand.asker);
      return { kind: 'unsatisfiable', explanation, decidedBy: 'paseka' };
    }
    const packages = end.installs.map((id) => this.packageOf(id));
    const names = new Set(packages.map(({ name }) => name));
    const erased = new Set(end.erases);
    const removed = end.erases.map((id) => repositories.name(id)).filter((name) => !names.has(name));
    const reasons = wantsReasons
      ? reasonsOf(repositories, end.installs, {
          ...demand,
          isThere: (id) => pool.isInstalled(id) && !erased.has(id),
        })
      : undefined;
    return {
      kind: 'resolved',
      packages,
      removed: [...new Set(removed)].sort(),
      decidedBy: 'paseka',
      ...(reasons === undefined ? {} : { reasons }),
    };
  }

  /** A package that can be chosen. */
  packageOf(id: number): ResolvedPackage {
    const { packages = [], solv } = this.#local ?? {};
    const local = solv === undefined ? undefined : packages[id - solv.start];
    if (local !== undefined && solv !== undefined && id >= solv.start) return { from: 'local', ...local };
    return { from: 'repository', ...this.repositories.packageFile(id) };
  }
}

const resolvers = new Map<string, Promise<RpmResolver>>();

/** The resolver of a base, opened once and kept. @param preparedDirectory undefined: nothing is installed. */
export function sharedResolver(
  frozenDirectory: string,
  preparedDirectory: string | undefined,
): Promise<RpmResolver> {
  const key = `${frozenDirectory}\n${preparedDirectory ?? ''}`;
  const known = resolvers.get(key);
  if (known !== undefined) return known;
  const installed = preparedDirectory === undefined ? undefined : join(preparedDirectory, installedSolv);
  const opened = RpmResolver.open(frozenDirectory, installed);
  resolvers.set(key, opened);
  opened.catch(() => resolvers.delete(key));
  return opened;
}
