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
import { readSourceNeeds } from './source-needs.ts';

/** What `dnf builddep` would install over the base. Throws PasekaError bad-source-package. */
export async function resolveBuildDependencies(
  root: CommandRoot,
  context: ResolveContext,
  { source, candidates, wantsReasons = false }: BuildDependencyRequest,
): Promise<Resolution | NotForArchitecture> {
  const { frozenDirectory, preparedDirectory, scratchDirectory } = context;
  const resolver = await sharedResolver(frozenDirectory, preparedDirectory);
  const { architecture } = resolver;
  const needs = await readSourceNeeds(root, source, { architecture, scratchDirectory });
  if (needs.kind !== 'read') return needs;
  resolver.use(candidates);
  const parsed = (texts: readonly string[]): number[] =>
    texts.map((text) => parseDependency(resolver, text, source.input.name));
  return resolver.answer(
    buildDemand(resolver, parsed(needs.requires), parsed(needs.conflicts)),
    wantsReasons,
  );
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
