// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../../base/invariant.ts';
import { type SolvPool, selectOf } from '../../host/libsolv/solv-pool.ts';
import type {
  ArchiveCheck,
  ArchiveCheckRequest,
  ArchiveComparison,
  ArchiveComparisonRequest,
  ArchiveState,
  UnmetDependency,
} from '../archive-check.ts';
import { type CheckedArchive, compareChecked, noteVersion, packageKey } from '../compare-checked.ts';
import type { CandidateCheckRequest, UninstallableCandidate } from '../resolution.ts';
import { type ArchivePool, openArchivePool } from './archive-pool.ts';
import { findProviders } from './demands.ts';
import { findUnsolvable } from './divide-to-solve.ts';
import { explainFacts, whatThereIs } from './explain-facts.ts';
import { readRichDependency } from './metadata/rich-dependency.ts';
import type { RepositoryPool } from './repository-pool.ts';

/**
 * Every package that no set of the archive's packages lets be installed where nothing is, and every source whose
 * BuildRequires none meets. All versions in the repositories count; a source that stands in several counts once.
 */
export async function checkArchive(request: ArchiveCheckRequest): Promise<ArchiveCheck> {
  using archive = openArchivePool(request);
  return check(archive);
}

/** What can't be had of one state of an archive and could of an earlier one. */
export async function compareArchives(request: ArchiveComparisonRequest): Promise<ArchiveComparison> {
  return compareChecked(examine(request.before), examine(request.after));
}

/** Which candidates can't be installed over a catalog, the others preferred to its packages. */
export async function findUninstallable(
  request: CandidateCheckRequest,
): Promise<readonly UninstallableCandidate[]> {
  const { catalog, architecture, candidates } = request;
  if (candidates.length === 0) return [];
  using archive = openArchivePool({ catalog, architecture, overlay: candidates });
  const { resolver } = archive;
  const own = new Set(resolver.localIds());
  return uninstallable(archive, [...own]).map(({ package: name, version, why }) => ({ name, version, why }));
}

function check(archive: ArchivePool): ArchiveCheck {
  return { uninstallable: uninstallable(archive, archive.packages), unsatisfiable: unsatisfiable(archive) };
}

function uninstallable(
  { resolver: { repositories } }: ArchivePool,
  packages: readonly number[],
): ArchiveCheck['uninstallable'][number][] {
  const asked = packages.map((id) => ({
    subject: id,
    jobs: [{ action: 'install', select: selectOf.solvable, what: id } as const],
  }));
  return inOrder(repositories, findUnsolvable(repositories.pool, versionsApart(repositories, asked))).map(
    ({ subject, facts }) => ({
      package: repositories.name(subject),
      version: repositories.version(subject),
      architecture: repositories.architecture(subject),
      why: explainFacts(repositories, facts, repositories.pool.describe(subject)),
    }),
  );
}

/** Puts several versions of a name, which can't be had together, into different parts of the list. */
function versionsApart<T extends { readonly subject: number }>(
  { pool }: RepositoryPool,
  asked: readonly T[],
): T[] {
  const rounds: T[][] = [];
  const seen = new Map<number, number>();
  for (const one of asked) {
    const name = pool.nameId(one.subject);
    const round = seen.get(name) ?? 0;
    seen.set(name, round + 1);
    const list = rounds[round];
    if (list === undefined) rounds[round] = [one];
    else list.push(one);
  }
  return rounds.flat();
}

function unsatisfiable({ resolver, sources }: ArchivePool): ArchiveCheck['unsatisfiable'][number][] {
  const { repositories } = resolver;
  const known = new Set<string>();
  const once = sources.filter((id) => {
    const key = repositories.pool.describe(id);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  });
  const asked = once.map((id) => ({
    subject: id,
    jobs: resolver
      .requiresOf(id)
      .map((one) => findProviders(repositories.pool, one))
      .map(({ select, what }) => ({ action: 'install', select, what }) as const),
  }));
  return inOrder(repositories, findUnsolvable(repositories.pool, asked)).map(({ subject, facts }) => ({
    source: repositories.name(subject),
    version: repositories.version(subject),
    why: explainFacts(repositories, facts, 'the source'),
  }));
}

/** By name, then from the oldest version. */
function inOrder<T extends { readonly subject: number }>(
  repositories: RepositoryPool,
  found: readonly T[],
): T[] {
  const { pool } = repositories;
  return [...found].sort(
    (a, b) =>
      compareNames(repositories.name(a.subject), repositories.name(b.subject)) ||
      pool.compareVersions(pool.evrId(a.subject), pool.evrId(b.subject)),
  );
}

function examine(state: ArchiveState): CheckedArchive {
  using archive = openArchivePool(state);
  const { repositories } = archive.resolver;
  const packages = new Map<string, Set<string>>();
  for (const id of archive.packages) {
    const key = packageKey({ package: repositories.name(id), architecture: repositories.architecture(id) });
    noteVersion(packages, key, repositories.version(id));
  }
  const sources = new Map<string, Set<string>>();
  for (const id of archive.sources) noteVersion(sources, repositories.name(id), repositories.version(id));
  return { check: check(archive), unmet: findUnmet(archive), packages, sources };
}

/** Every dependency that no package meets, by the packages' names. */
function findUnmet({ resolver, packages }: ArchivePool): UnmetDependency[] {
  const { repositories } = resolver;
  const { pool } = repositories;
  const known = new Map<number, number | undefined>();
  const found: UnmetDependency[] = [];
  for (const id of packages) {
    for (const dependency of resolver.requiresOf(id)) {
      if (!known.has(dependency)) known.set(dependency, unmetPart(pool, dependency));
      const missing = known.get(dependency);
      if (missing === undefined) continue;
      found.push({
        package: repositories.name(id),
        version: repositories.version(id),
        architecture: repositories.architecture(id),
        dependency: pool.dependencyText(dependency),
        why: `nothing provides ${pool.dependencyText(missing)}${whatThereIs(repositories, missing)}`,
      });
    }
  }
  return found.sort((a, b) => compareNames(a.package, b.package));
}

/**
 * What no package meets of a dependency: itself, or of a rich one what would have to be met too, for which libsolv has those as
 * providers that meet the rest. Of conditions only the solver knows.
 */
function unmetPart(pool: SolvPool, dependency: number): number | undefined {
  const { operator, parts = [] } = readRichDependency(pool.dependencyText(dependency)) ?? {};
  const unmetOf = (part: string): number | undefined => {
    const id = pool.parseDependency(part);
    return id === undefined ? undefined : unmetPart(pool, id);
  };
  switch (operator) {
    case 'and':
      return parts.map(unmetOf).find((part) => part !== undefined);
    case 'or':
      return parts.every((part) => unmetOf(part) !== undefined) ? dependency : undefined;
    case 'if':
    case 'unless':
      return undefined;
    case 'with':
    case 'without':
    case undefined:
      return pool.providers(dependency).length > 0 ? undefined : dependency;
    default:
      return unreachable(operator);
  }
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
