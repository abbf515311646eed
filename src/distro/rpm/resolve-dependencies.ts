// SPDX-License-Identifier: GPL-2.0-or-later
import { unreachable } from '../../base/invariant.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import type { BuildDependencyRequest, Resolution, ResolveContext, WantedPackages } from '../resolution.ts';
import type { Root } from '../root.ts';
import { buildDemand, packagesDemand } from './demands.ts';
import { type RpmResolver, sharedResolver } from './rpm-resolver.ts';
import { readSpecRequires } from './spec-requires.ts';

/** What `dnf builddep` would install over the base. */
export async function resolveBuildDependencies(
  root: Root,
  context: ResolveContext,
  request: BuildDependencyRequest,
): Promise<Resolution> {
  const { source, candidates, wantsReasons = false } = request;
  const { input } = source;
  const resolver = await sharedResolver(context.frozenDirectory, context.preparedDirectory);
  switch (input.kind) {
    case 'repository': {
      resolver.use(candidates);
      const id = resolver.findSource(input.name, input.version);
      if (id === undefined) return { kind: 'unknown-package', name: input.name };
      return resolver.answer(buildDemand(resolver, resolver.requiresOf(id)), wantsReasons);
    }
    case 'local': {
      const [file] = source.files;
      resolver.use(candidates);
      const { requires, conflicts } = resolver.readSource(file?.path ?? '');
      return resolver.answer(buildDemand(resolver, requires, conflicts), wantsReasons);
    }
    case 'directory': {
      const spec = await readSpecRequires(root, input.path);
      if (spec.kind === 'interrupted') return spec;
      resolver.use(candidates);
      const requires = spec.requires.map((text) => parsed(resolver, text, input.path));
      return resolver.answer(buildDemand(resolver, requires), wantsReasons);
    }
    default:
      return unreachable(input);
  }
}

/** What `dnf install --setopt=install_weak_deps=0` would install over the base. */
export async function resolvePackages(
  _root: Root,
  context: ResolveContext,
  wanted: WantedPackages,
): Promise<Resolution> {
  const resolver = await sharedResolver(context.frozenDirectory, context.preparedDirectory);
  resolver.use([...wanted.local, ...wanted.candidates]);
  const demand = packagesDemand(resolver, wanted);
  if ('unknown' in demand) return { kind: 'unknown-package', name: demand.unknown };
  return resolver.answer(demand, wanted.wantsReasons ?? false);
}

function parsed(resolver: RpmResolver, text: string, path: string): number {
  const dependency = resolver.repositories.pool.parseDependency(text);
  if (dependency !== undefined) return dependency;
  throw new PasekaError('bad-source-package', `${path}: not a dependency: ${text}`, 'correct the spec file');
}
