// SPDX-License-Identifier: GPL-2.0-or-later
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { PasekaError } from '../../base/paseka-error.ts';
import type { ForeseenNeeds, ForeseenPackage, InstallForecast } from '../install-forecast.ts';
import type { ForeseeRequest, ResolveContext } from '../resolution.ts';
import type { SourceInput } from '../source-input.ts';
import { readBuildDependencies } from './build-dependencies.ts';
import { sourceFields } from './catalog/catalog-tables.ts';
import { namedProfiles } from './catalog/named-profiles.ts';
import { parseRelations, RelationSyntaxError } from './catalog/relation-syntax.ts';
import type { Resolver, ResolverAnswer } from './resolve/resolver.ts';
import type { Universe } from './resolve/universe.ts';
import { sharedResolver } from './resolve-in-process.ts';

/** So many sources take some 20 ms: in between, whatever else waits gets its turn. */
const sourcesInAStep = 64;

/** Resolves sources of the repository from the index alone, to know early what they will need; a forecast, no answer. */
export async function foreseeInstallSets(
  context: ResolveContext,
  request: ForeseeRequest,
): Promise<InstallForecast> {
  const shared = await sharedResolver(context, request.candidates);
  if (shared === undefined) {
    const needs = request.sources.map((): ForeseenNeeds => ({ kind: 'undecided', profiles: [] }));
    return { packages: [], needs, baseSources: [] };
  }
  const { resolver } = shared;
  const { universe } = resolver;
  const places = new Map<number, number>();
  const needs: ForeseenNeeds[] = [];
  for (const [index, source] of request.sources.entries()) {
    if (index % sourcesInAStep === 0) await pause(request.signal);
    const { profiles, answer } = await ask(resolver, source, request.profiles);
    if (answer.kind === 'unsatisfiable') needs.push({ ...answer, profiles });
    else if (answer.kind !== 'resolved') needs.push({ kind: 'undecided', profiles });
    else {
      const packages = answer.rows.map((chosen) => {
        const place = places.get(chosen) ?? places.size;
        places.set(chosen, place);
        return place;
      });
      needs.push({ kind: 'resolved', packages, profiles });
    }
  }
  const packages: ForeseenPackage[] = [];
  for (const row of places.keys()) {
    if (packages.length % (sourcesInAStep * 16) === 0) await pause(request.signal);
    const { name, version, sha256, bytes } = shared.packageOfRow(row);
    const atOnce = probablyAtOnce(universe, row);
    packages.push({
      name,
      version,
      sha256,
      bytes,
      installedBytes: (universe.catalog.columns.packageInstalledKiB[row] ?? 0) * 1024,
      source: universe.sourceName(row),
      dependencies: possibleDependencies(universe, row, places),
      ...(atOnce === undefined ? {} : { atOnce }),
    });
  }
  const current = universe.installedNames.map((name) => universe.sourceName(universe.current[name] ?? 0));
  return { packages, needs, baseSources: [...new Set(current)] };
}

/** Lets the event loop turn. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted === true) {
    throw new PasekaError('cancelled', 'cancelled while looking ahead', 'start it again');
  }
}

interface Asked {
  readonly profiles: readonly string[];
  readonly answer: ResolverAnswer;
}

const unreadable: Asked = { profiles: [], answer: { kind: 'undecided', reason: 'it can not be read' } };

async function ask(resolver: Resolver, source: SourceInput, profiles: readonly string[]): Promise<Asked> {
  const { universe } = resolver;
  const scope = { profiles, indep: true };
  if (source.kind === 'repository') {
    const row = universe.catalog.findSourceRow(source.name, source.version);
    if (row < 0) return unreadable;
    return {
      profiles: namedProfiles(universe.catalog.restrictionsOfSource(row)),
      answer: resolver.resolveSourceRow(row, scope),
    };
  }
  const files =
    source.kind === 'local' ? source.paths.map((path) => ({ fileName: basename(path), path })) : [];
  const { paragraph } = await readBuildDependencies({ input: source, files }, [], undefined);
  if (paragraph === undefined) return unreadable;
  try {
    const atoms = sourceFields.flatMap((field) => parseRelations(paragraph.get(field) ?? '').flat());
    return {
      profiles: namedProfiles(atoms.map((atom) => atom.profiles)),
      answer: resolver.resolveSourceParagraph(paragraph, scope),
    };
  } catch (error) {
    if (error instanceof RelationSyntaxError) return unreadable;
    throw error;
  }
}

/** Who makes users or brings parts of TeX needs what does it: what link/installed-at-once.ts finds in the packages. */
const atOnceNeeds: readonly string[] = ['adduser', 'tex-common'];

/** What a package has in common with those that it probably has to be installed together with. */
export function probablyAtOnce(universe: Universe, row: number): string | undefined {
  const end = universe.conflictsStart(row);
  for (let index = universe.needsStart(row); index < end; index++) {
    for (const target of universe.targets((universe.relations[index] ?? 0) >> 1)) {
      const name = universe.nameText(universe.nameOfRow[target] ?? 0);
      if (atOnceNeeds.includes(name)) return name;
    }
  }
  return undefined;
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
