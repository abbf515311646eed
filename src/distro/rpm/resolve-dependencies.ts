// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import type {
  BuildDependencyRequest,
  NotForArchitecture,
  Resolution,
  ResolveContext,
  WantedPackages,
} from '../resolution.ts';
import type { CommandRoot } from '../root.ts';
import { buildDemand, packagesDemand } from './demands.ts';
import { type RpmResolver, sharedResolver } from './rpm-resolver.ts';
import { readFirstNeeds, readSourceNeeds } from './source-needs.ts';

/**
 * What `dnf builddep` would install over the base. Where packages have to be there before the spec file can be read, those alone: what
 * else it asks for, the build finds out in a root that has them. Throws PasekaError bad-source-package.
 */
export async function resolveBuildDependencies(
  root: CommandRoot,
  context: ResolveContext,
  { source, candidates, wantsReasons = false }: BuildDependencyRequest,
): Promise<Resolution | NotForArchitecture> {
  const { frozenDirectory, preparedDirectory, scratchDirectory } = context;
  const resolver = await sharedResolver(frozenDirectory, preparedDirectory);
  const { architecture } = resolver;
  const answer = (
    requires: readonly string[],
    conflicts: readonly string[],
  ): ReturnType<typeof resolver.answer> => {
    const [needed = [], unwanted = []] = [requires, conflicts].map((texts) =>
      texts.map((text) => parseDependency(resolver, text, source.input.name)),
    );
    resolver.use(candidates);
    return resolver.answer(buildDemand(resolver, needed, unwanted), wantsReasons);
  };
  const first = await readFirstNeeds(source);
  if (first.length > 0) {
    const resolution = answer(first, []);
    if (resolution.kind !== 'resolved') return resolution;
    if (resolution.packages.length > 0) return { ...resolution, isFirstRound: true };
  }
  const needs = await readSourceNeeds(root, source, { architecture, scratchDirectory });
  if (needs.kind !== 'read') return needs;
  return answer(needs.requires, needs.conflicts);
}

/** What `dnf install --setopt=install_weak_deps=0` would install over the base. */
export async function resolvePackages(
  _root: CommandRoot,
  context: ResolveContext,
  wanted: WantedPackages,
): Promise<Resolution> {
  const resolver = await sharedResolver(context.frozenDirectory, context.preparedDirectory);
  resolver.use([...wanted.local, ...wanted.candidates]);
  const demand = packagesDemand(resolver, wanted);
  if ('unknown' in demand) return { kind: 'unknown-package', name: demand.unknown };
  return resolver.answer(demand, wanted.wantsReasons ?? false);
}

function parseDependency(resolver: RpmResolver, text: string, source: string): number {
  const dependency = resolver.repositories.pool.parseDependency(text);
  if (dependency !== undefined) return dependency;
  throw new PasekaError(
    'bad-source-package',
    `${source}: not a dependency: ${text}`,
    'correct the spec file',
  );
}
