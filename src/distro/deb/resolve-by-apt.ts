// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import type {
  LocalPackage,
  Resolution,
  ResolveContext,
  ResolvedPackage,
  SourceFiles,
  WantedPackages,
} from '../distribution.ts';
import type { Bind, CommandResult, Root } from '../root.ts';
import { localMount, runApt } from './apt-in-root.ts';
import {
  parseSimulation,
  parseUnknownPackage,
  parseUnmetDependencies,
  type SimulatedInstall,
} from './apt-output.ts';

/** Most rounds in which local packages are put in the place of equal ones of the repository. */
const maxRounds = 5;

/** What `apt-get build-dep` would install in this root, without recommended packages. */
export async function resolveBuildDependencies(
  root: Root,
  context: ResolveContext,
  source: SourceFiles,
  profiles: readonly string[],
): Promise<Resolution> {
  const place = join(localMount, 'source');
  const [description] = source.files;
  const path = source.input.kind === 'directory' ? source.input.path : description?.path;
  if (path === undefined)
    throw new PasekaError('bad-source-package', 'a source without files', 'report this as a bug');
  const target = source.input.kind === 'directory' ? place : join(localMount, description?.fileName ?? '');
  const binds: Bind[] = [{ source: path, target }];
  const result = await runApt(root, context, {
    tool: 'apt-get',
    args: [
      '--simulate',
      ...profiles.flatMap((profile) => ['--build-profiles', profile]),
      'build-dep',
      target,
    ],
    binds,
    output: 'capture',
  });
  return readResolution(result, context, new Map());
}

/**
 * What `apt-get install` would install in this root. apt prefers a repository's package to a local one of the same
 * version, so where it chose one that a candidate could be, it is asked again with that candidate named.
 */
export async function resolvePackages(
  root: Root,
  context: ResolveContext,
  wanted: WantedPackages,
): Promise<Resolution> {
  const all = new Map<string, LocalPackage>();
  for (const local of [...wanted.candidates, ...wanted.local]) all.set(local.name, local);
  const named = new Map(wanted.local.map((local) => [local.name, local]));
  const target = (local: LocalPackage): string => join(localMount, local.fileName);
  const binds: Bind[] = [...all.values()].map((local) => ({ source: local.path, target: target(local) }));
  for (let round = 0; ; round++) {
    const result = await runApt(root, context, {
      tool: 'apt-get',
      args: [
        '--simulate',
        '--allow-downgrades',
        ...[...all.values()].flatMap((local) => ['--with-source', target(local)]),
        'install',
        ...[...named.values()].map(target),
        ...wanted.names,
      ],
      binds,
      output: 'capture',
    });
    const resolution = readResolution(result, context, all);
    if (resolution.kind !== 'resolved' || round === maxRounds) return resolution;
    const displaced = resolution.packages.filter(
      (chosen) => chosen.from === 'repository' && all.has(chosen.name) && !named.has(chosen.name),
    );
    if (displaced.length === 0) return resolution;
    for (const chosen of displaced) {
      const local = all.get(chosen.name);
      if (local !== undefined) named.set(local.name, local);
    }
  }
}

function readResolution(
  result: CommandResult,
  context: ResolveContext,
  local: ReadonlyMap<string, LocalPackage>,
): Resolution {
  if (result.end.kind !== 'exited') return { kind: 'interrupted', end: result.end };
  if (result.end.exitCode !== 0) {
    const said = `${result.output}\n${result.tail}`;
    const unknown = parseUnknownPackage(said);
    if (unknown !== undefined) return { kind: 'unknown-package', name: unknown };
    return { kind: 'unsatisfiable', explanation: parseUnmetDependencies(said) };
  }
  const simulation = parseSimulation(result.output);
  const packages = simulation.installed.map((chosen) => toResolved(chosen, context, local));
  return { kind: 'resolved', packages, removed: simulation.removed };
}

function toResolved(
  chosen: SimulatedInstall,
  context: ResolveContext,
  local: ReadonlyMap<string, LocalPackage>,
): ResolvedPackage {
  const own = local.get(chosen.name);
  if (chosen.local && own !== undefined) return { from: 'local', ...own };
  const file = context.catalog.findPackage(chosen.name, chosen.version, chosen.architecture);
  if (file === undefined) {
    throw new PasekaError(
      'index-corrupt',
      `apt chose ${chosen.name} ${chosen.version} (${chosen.architecture}), which the snapshot does not have`,
      'remove the snapshot and create it anew',
    );
  }
  return { from: 'repository', ...file };
}
