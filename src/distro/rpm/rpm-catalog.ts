// SPDX-License-Identifier: GPL-2.0-or-later
import type { Catalog, ReverseBuildDependencyRequest, SourceFacts } from '../catalog.ts';
import type { PackageFile, SourceInput } from '../source-input.ts';
import { type FrozenDirectory, readFrozenDirectory } from './frozen-directory.ts';
import { RepositoryPool } from './repository-pool.ts';
import { sourcesThatNeed } from './reverse-build-dependencies.ts';

/** Opens the catalog of a frozen directory. Throws PasekaError index-corrupt, tool-missing. */
export async function openFrozenCatalog(frozenDirectory: string): Promise<RpmCatalog> {
  const frozen = await readFrozenDirectory(frozenDirectory);
  return new RpmCatalog(frozenDirectory, frozen);
}

/** A catalog over the pool of its repositories. */
export class RpmCatalog implements Catalog {
  readonly frozenDirectory: string;
  readonly frozen: FrozenDirectory;
  readonly repositories: RepositoryPool;

  /** Throws PasekaError index-corrupt, tool-missing. */
  constructor(frozenDirectory: string, frozen: FrozenDirectory) {
    this.frozenDirectory = frozenDirectory;
    this.frozen = frozen;
    this.repositories = RepositoryPool.open(frozenDirectory, frozen);
  }

  findSource(name: string, version?: string): SourceInput | undefined {
    const id = this.findSourceId(name, version);
    if (id === undefined) return undefined;
    const { name: _, architecture: __, ...file } = this.repositories.packageFile(id);
    const { version: own, ...remote } = file;
    return { kind: 'repository', name, version: own, files: [remote] };
  }

  /** The source of a name that is preferred, or of the version asked for, as the pool's number. */
  findSourceId(name: string, version?: string): number | undefined {
    const all = this.repositories.preferredFirst(this.repositories.sourcesOfName(name));
    return version === undefined ? all[0] : all.find((id) => this.repositories.version(id) === version);
  }

  countBuildRelations(name: string, version: string): number {
    const id = this.findSourceId(name, version);
    return id === undefined ? 0 : this.repositories.pool.dependencies(id, 'solvable:requires').length;
  }

  findPackage(name: string, version: string, architecture: string): PackageFile | undefined {
    const { repositories } = this;
    const found = repositories
      .preferredFirst(repositories.packagesOfName(name))
      .find((id) => repositories.version(id) === version && repositories.architecture(id) === architecture);
    return found === undefined ? undefined : repositories.packageFile(found);
  }

  sourceNames(): Iterable<string> {
    return this.repositories.sourceNames();
  }

  packageNames(): Iterable<string> {
    return this.repositories.packageNames();
  }

  /** Which architectures a source is not for no index of rpm-md says: all of it count as built here. */
  *sources(): Iterable<SourceFacts> {
    const { pool } = this.repositories;
    const foreign = new Set(this.frozen.repositories.flatMap(({ foreignSources }) => foreignSources));
    for (const name of this.repositories.sourceNames().sort()) {
      const id = this.findSourceId(name);
      if (id === undefined) continue;
      const packager = pool.lookupText(id, 'solvable:packager') ?? pool.lookupText(id, 'solvable:vendor');
      yield {
        name,
        version: this.repositories.version(id),
        section: pool.lookupText(id, 'solvable:group') ?? '',
        maintainers: packager === undefined ? [] : [packager],
        isBuiltHere: !foreign.has(name),
      };
    }
  }

  sourcesThatNeed(name: string, { depth }: ReverseBuildDependencyRequest): string[] | undefined {
    return sourcesThatNeed(this.repositories, name, depth);
  }
}
