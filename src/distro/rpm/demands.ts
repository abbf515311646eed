// SPDX-License-Identifier: GPL-2.0-or-later
import { type SolvPool, selectOf } from '../../host/libsolv/solv-pool.ts';
import type { SolveJob } from '../../host/libsolv/solve.ts';
import type { LocalPackage } from '../distribution.ts';
import type { WantedPackages } from '../resolution.ts';
import type { Demand } from './demand.ts';
import type { RpmResolver } from './rpm-resolver.ts';

/** What building something needs, as `dnf builddep` asks for it: whatever provides each of its BuildRequires. */
export function buildDemand(
  resolver: RpmResolver,
  requires: readonly number[],
  conflicts: readonly number[] = [],
): Demand {
  const { pool } = resolver.repositories;
  const wanted = requires.map((one) => findProviders(pool, one));
  const jobs = wanted.map(({ select, what }): SolveJob => ({ action: 'install', select, what }));
  const without = conflicts.map((what): SolveJob => ({ action: 'erase', select: selectOf.provides, what }));
  // a new compiler is what the source is built with, although no source asks for one
  const replacing = resolver.localIds().filter((id) => resolver.isInstalledName(id));
  const given = replacing.map((what): SolveJob => ({ action: 'install', select: selectOf.solvable, what }));
  return {
    jobs: [...jobs, ...without, ...given],
    asker: 'the source',
    needs: [
      ...requires.map((one, place) => ({
        text: `BuildRequires ${pool.dependencyText(one)}`,
        providers: wanted[place]?.providers ?? [],
      })),
      ...replacing.map((id) => ({ text: "given in the place of the base's", providers: [id] })),
    ],
  };
}

/**
 * Packages, as `dnf install` asks for them: a name with all its versions and what obsoletes it, else what provides it (a
 * dependency such as `lua >= 5` is one, too); the user's own exactly. Answers with the name that nothing has.
 */
export function packagesDemand(
  resolver: RpmResolver,
  { names, local }: Pick<WantedPackages, 'names'> & { readonly local: readonly LocalPackage[] },
): Demand | { readonly unknown: string } {
  const jobs: SolveJob[] = [];
  const needs: { readonly text: string; readonly providers: readonly number[] }[] = [];
  for (const name of names) {
    const wanted = findPackages(resolver, name);
    if (wanted === undefined) return { unknown: name };
    jobs.push({ action: 'install', select: wanted.select, what: wanted.what });
    needs.push({ text: 'asked for', providers: wanted.providers });
  }
  for (const file of local) {
    const what = resolver.localId(file);
    jobs.push({ action: 'install', select: selectOf.solvable, what });
    needs.push({ text: 'asked for', providers: [what] });
  }
  return { jobs, asker: 'the request', needs };
}

/** What meets a dependency that is asked for: for a file that no package names in a dependency, who has it. */
export function findProviders(pool: SolvPool, dependency: number): Wanted {
  const providers = pool.providers(dependency);
  const text = providers.length === 0 ? pool.dependencyText(dependency) : '';
  const owners = text.startsWith('/') ? pool.havingFile(text) : [];
  return owners.length === 0
    ? { select: selectOf.provides, what: dependency, providers }
    : { select: selectOf.oneOf, what: pool.oneOf(owners), providers: owners };
}

interface Wanted {
  readonly select: number;
  readonly what: number;
  readonly providers: readonly number[];
}

/** All versions of a name (or that of `name=version`) with what obsoletes them, else what meets it as a dependency. */
function findPackages({ repositories }: RpmResolver, word: string): Wanted | undefined {
  const { pool } = repositories;
  const equals = /^([^\s=<>(]+)=([^=]+)$/.exec(word);
  const name = equals?.[1] ?? word;
  const text = pool.findText(name);
  const all = text === 0 ? [] : pool.matching(selectOf.name, text);
  const meant =
    equals === null ? all : all.filter((id) => isVersion(repositories.version(id), equals[2] ?? ''));
  if (meant.length > 0) {
    const obsoleting = equals === null ? meant.flatMap((id) => pool.whoNames('solvable:obsoletes', id)) : [];
    const providers = [...new Set([...meant, ...obsoleting])];
    return { select: selectOf.oneOf, what: pool.oneOf(providers), providers };
  }
  const what = equals === null ? pool.parseDependency(word) : undefined;
  if (what === undefined) return undefined;
  const found = findProviders(pool, what);
  // of a rich one only the solver knows
  return found.providers.length === 0 && !word.trim().startsWith('(') ? undefined : found;
}

/** Whether a version is meant, with or without its epoch and release. */
function isVersion(version: string, wanted: string): boolean {
  const bare = version.replace(/^\d+:/, '');
  return [version, bare, bare.replace(/-[^-]*$/, '')].includes(wanted);
}
