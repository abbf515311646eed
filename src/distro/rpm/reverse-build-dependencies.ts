// SPDX-License-Identifier: GPL-2.0-or-later
import { dependencyNames } from './metadata/dependency-names.ts';
import type { RepositoryPool } from './repository-pool.ts';

/** See Catalog.sourcesThatNeed. Versions in dependencies don't count: who asks may have another version in mind. */
export function sourcesThatNeed(
  repositories: RepositoryPool,
  name: string,
  depth: number,
): string[] | undefined {
  const bySource = new Map<string, number[]>();
  for (const id of repositories.packages()) {
    const source = repositories.sourceName(id);
    const others = bySource.get(source);
    if (others === undefined) bySource.set(source, [id]);
    else others.push(id);
  }
  const start = startingPackages(repositories, name, bySource);
  if (start === undefined) return undefined;
  const needs = namesOfSources(repositories);
  const found = new Set<string>();
  let packages = start.packages;
  for (let level = 0; level < depth && (level === 0 || packages.length > 0); level++) {
    const wanted = new Set(packages.flatMap((id) => offeredNames(repositories, id)));
    if (level === 0) wanted.add(name);
    const met = [...needs].filter(
      ([source, names]) => !found.has(source) && names.some((one) => wanted.has(one)),
    );
    for (const [source] of met) found.add(source);
    packages = met.flatMap(([source]) => bySource.get(source) ?? []);
  }
  return [...found].sort();
}

/** The package, or all packages of a source; for a name that only others provide none; undefined for what isn't there. */
function startingPackages(
  repositories: RepositoryPool,
  name: string,
  bySource: ReadonlyMap<string, readonly number[]>,
): { readonly packages: readonly number[] } | undefined {
  const ofSource = (source: string): { readonly packages: readonly number[] } | undefined => {
    const packages = bySource.get(source);
    return packages === undefined ? undefined : { packages };
  };
  if (name.startsWith('src:')) return ofSource(name.slice('src:'.length));
  const own = repositories.packagesOfName(name);
  if (own.length > 0) return { packages: own };
  const { pool } = repositories;
  const text = pool.findText(name);
  if (text !== 0 && pool.providers(text).length > 0) return { packages: [] };
  return ofSource(name);
}

/** Names that dependencies on a package can have: what it provides, its own name and its files among it. */
function offeredNames(repositories: RepositoryPool, id: number): string[] {
  const { pool } = repositories;
  const provided = pool.dependencies(id, 'solvable:provides').map((one) => pool.dependencyText(one));
  return [repositories.name(id), ...provided.flatMap(dependencyNames)];
}

/** Each source, in the version that is preferred, with the names in its build dependencies. */
function namesOfSources(repositories: RepositoryPool): Map<string, string[]> {
  const { pool } = repositories;
  const known = new Map<number, string[]>();
  const namesOf = (dependency: number): string[] => {
    const names = known.get(dependency) ?? dependencyNames(pool.dependencyText(dependency));
    known.set(dependency, names);
    return names;
  };
  const sources = new Map<string, string[]>();
  for (const source of repositories.sourceNames()) {
    const [id] = repositories.preferredFirst(repositories.sourcesOfName(source));
    if (id !== undefined) sources.set(source, pool.dependencies(id, 'solvable:requires').flatMap(namesOf));
  }
  return sources;
}
