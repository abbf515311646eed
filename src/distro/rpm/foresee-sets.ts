// SPDX-License-Identifier: GPL-2.0-or-later
import { setImmediate } from 'node:timers/promises';
import { PasekaError } from '../../base/paseka-error.ts';
import { solve } from '../../host/libsolv/solve.ts';
import type { ForeseenNeeds, ForeseenPackage, InstallForecast } from '../install-forecast.ts';
import type { ForeseeRequest, ResolveContext } from '../resolution.ts';
import type { SourceInput } from '../source-input.ts';
import { buildDemand } from './demands.ts';
import { explainFacts } from './explain-facts.ts';
import { type RpmResolver, sharedResolver } from './rpm-resolver.ts';
import { readPackedNeeds } from './source-needs.ts';

/** So many sources take some 20 ms: in between, whatever else waits gets its turn. */
const sourcesInAStep = 8;

/** Resolves sources from the index alone, to know early what they will need; a forecast, no answer. */
export async function foreseeInstallSets(
  context: ResolveContext,
  request: ForeseeRequest,
): Promise<InstallForecast> {
  const resolver = await sharedResolver(context.frozenDirectory, context.preparedDirectory);
  const { repositories } = resolver;
  const { pool } = repositories;
  const places = new Map<number, number>();
  const found: Omit<ForeseenPackage, 'dependencies'>[] = [];
  const needs: ForeseenNeeds[] = [];
  for (const [index, source] of request.sources.entries()) {
    if (index % sourcesInAStep === 0) await pause(request.signal);
    const packed = await packedNeeds(source, resolver.architecture);
    resolver.use(request.candidates); // others may have asked in between
    if (packed?.kind === 'not-for-architecture') {
      needs.push({ ...packed, profiles: [] });
      continue;
    }
    const requires =
      packed === undefined ? indexedRequires(resolver, source) : parsed(resolver, packed.requires);
    if (requires === undefined) {
      needs.push({ kind: 'undecided', profiles: [] });
      continue;
    }
    const demand = buildDemand(resolver, requires);
    const end = solve(pool, { jobs: demand.jobs });
    if (end.kind === 'unsolvable') {
      const explanation = explainFacts(repositories, end.facts, demand.asker);
      needs.push({ kind: 'unsatisfiable', explanation, profiles: [] });
      continue;
    }
    const packages = end.installs.map((id) => {
      const place = places.get(id) ?? places.size;
      if (!places.has(id)) {
        places.set(id, place);
        found.push(describePackage(resolver, id));
      }
      return place;
    });
    needs.push({ kind: 'resolved', packages, profiles: [] });
  }
  await pause(request.signal);
  resolver.use(request.candidates);
  const dependencies = Array.from(places.keys(), (id) => possibleDependencies(resolver, id, places));
  return {
    packages: found.map((one, place) => ({ ...one, dependencies: dependencies[place] ?? [] })),
    needs,
    baseSources: resolver.installedSources(),
  };
}

/** Undefined for all but source packages of the user's: spec files are read in a root, later. */
async function packedNeeds(
  source: SourceInput,
  architecture: string,
): Promise<Awaited<ReturnType<typeof readPackedNeeds>> | undefined> {
  const path = source.kind === 'local' ? source.paths[0] : undefined;
  if (path?.endsWith('.rpm') !== true) return undefined;
  return await readPackedNeeds(path, architecture);
}

function indexedRequires(resolver: RpmResolver, source: SourceInput): number[] | undefined {
  if (source.kind !== 'repository') return undefined;
  const id = resolver.findSource(source.name, source.version);
  return id === undefined ? undefined : resolver.requiresOf(id);
}

/** Undefined where one of them is no dependency: whoever builds it will say so. */
function parsed({ repositories }: RpmResolver, texts: readonly string[]): number[] | undefined {
  const found = texts.flatMap((text) => repositories.pool.parseDependency(text) ?? []);
  return found.length === texts.length ? found : undefined;
}

function describePackage(resolver: RpmResolver, id: number): Omit<ForeseenPackage, 'dependencies'> {
  const { repositories } = resolver;
  const { name, version, sha256, bytes } = resolver.packageOf(id);
  return {
    name,
    version,
    sha256,
    bytes,
    installedBytes: repositories.pool.lookupNumber(id, 'solvable:installsize'),
    source: repositories.sourceName(id),
  };
}

/** Those in `places` that could meet a dependency which nothing installed meets. */
function possibleDependencies(
  { repositories: { pool } }: RpmResolver,
  id: number,
  places: ReadonlyMap<number, number>,
): number[] {
  const found = new Set<number>();
  for (const dependency of pool.dependencies(id, 'solvable:requires')) {
    const providers = pool.providers(dependency);
    if (providers.some((one) => pool.isInstalled(one))) continue;
    for (const one of providers) {
      const place = places.get(one);
      if (place !== undefined && one !== id) found.add(place);
    }
  }
  return [...found];
}

/** Lets the event loop turn. */
async function pause(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  if (signal?.aborted === true) {
    throw new PasekaError('cancelled', 'cancelled while looking ahead', 'start it again');
  }
}
