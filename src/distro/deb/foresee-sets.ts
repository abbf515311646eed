// SPDX-License-Identifier: GPL-2.0-or-later
import type { ForeseenPackage, ForeseeRequest, InstallForecast, ResolveContext } from '../distribution.ts';
import type { Universe } from './resolve/universe.ts';
import { sharedResolver } from './resolve-in-process.ts';

/** Resolves sources of the repository from the index alone, to know early what they will need; a forecast, no answer. */
export async function foreseeInstallSets(
  context: ResolveContext,
  request: ForeseeRequest,
): Promise<InstallForecast> {
  const shared = await sharedResolver(context, request.candidates);
  if (shared === undefined) return { packages: [], sets: request.sources.map(() => undefined) };
  const { resolver } = shared;
  const { universe } = resolver;
  const places = new Map<number, number>();
  const sets = request.sources.map((source): number[] | undefined => {
    if (source.kind !== 'repository') return undefined;
    const row = universe.catalog.findSourceRow(source.name, source.version);
    if (row < 0) return undefined;
    const answer = resolver.resolveSourceRow(row, { profiles: request.profiles, indep: true });
    if (answer.kind !== 'resolved') return undefined;
    return answer.rows.map((chosen) => {
      const place = places.get(chosen) ?? places.size;
      places.set(chosen, place);
      return place;
    });
  });
  const packages = [...places.keys()].map(
    (row): ForeseenPackage => ({
      sha256: shared.packageOfRow(row).sha256,
      installedBytes: (universe.catalog.columns.packageInstalledKiB[row] ?? 0) * 1024,
      dependencies: possibleDependencies(universe, row, places),
    }),
  );
  return { packages, sets };
}

/** Those in `places` that could satisfy a dependency which the base does not satisfy. */
export function possibleDependencies(
  universe: Universe,
  row: number,
  places: ReadonlyMap<number, number>,
): number[] {
  const found = new Set<number>();
  const end = universe.conflictsStart(row);
  let clause: number[] = [];
  for (let index = universe.needsStart(row); index < end; index++) {
    const item = universe.relations[index] ?? 0;
    clause.push(...universe.targets(item >> 1));
    if ((item & 1) === 1) continue;
    const isInBase = clause.some((target) => universe.current[universe.nameOfRow[target] ?? 0] === target);
    for (const target of isInBase ? [] : clause) {
      const place = places.get(target);
      if (place !== undefined && target !== row) found.add(place);
    }
    clause = [];
  }
  return [...found];
}
