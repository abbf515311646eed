// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { makeTemporaryDirectory, writeText } from '../../host/files.ts';
import type { LocalPackage, ResolvedPackage } from '../distribution.ts';
import type { BuildDependencyRequest, Resolution, ResolveContext, WantedPackages } from '../resolution.ts';
import type { Bind, CommandResult, CommandRoot } from '../root.ts';
import { localMount, runApt } from './apt-in-root.ts';
import {
  parseSimulation,
  parseUnknownPackage,
  parseUnmetDependencies,
  type SimulatedInstall,
} from './apt-output.ts';

/**
 * Prefers package files of the command line to everything, older versions and equal ones included: apt calls their
 * component local-deb, and of two files with one version its policy takes the one with the higher priority.
 */
const preferences = 'Package: *\nPin: release c=local-deb\nPin-Priority: 1001\n';
const preferencesPath = join(localMount, 'paseka.preferences');

/**
 * What `apt-get build-dep` would install in this root, without recommended packages.
 * @param description the text of a .dsc that apt is to read instead of the source's own.
 */
export async function resolveBuildDependencies(
  root: CommandRoot,
  context: ResolveContext,
  { source, profiles, candidates }: BuildDependencyRequest,
  description: string | undefined,
): Promise<Resolution> {
  await using scratch = await makeTemporaryDirectory(context.scratchDirectory, 'resolve-');
  const [first] = source.files;
  const isDirectory = source.input.kind === 'directory' && description === undefined;
  let path = source.input.kind === 'directory' ? source.input.path : first?.path;
  if (description !== undefined) {
    path = join(scratch.path, 'description');
    await writeText(path, description);
  }
  if (path === undefined)
    throw new PasekaError('bad-source-package', 'a source without files', 'report this as a bug');
  const target = join(localMount, isDirectory ? 'source' : (first?.fileName ?? 'source.dsc'));
  const local = await localArguments(candidates, scratch.path);
  const result = await runApt(root, context, {
    tool: 'apt-get',
    args: [
      '--simulate',
      ...profiles.flatMap((profile) => ['--build-profiles', profile]),
      ...local.args,
      'build-dep',
      target,
    ],
    binds: [{ source: path, target }, ...local.binds],
    output: 'capture',
  });
  return readResolution(result, context, candidates);
}

/** What `apt-get install` would install in this root, local packages preferred to the repository's. */
export async function resolvePackages(
  root: CommandRoot,
  context: ResolveContext,
  wanted: WantedPackages,
): Promise<Resolution> {
  await using scratch = await makeTemporaryDirectory(context.scratchDirectory, 'resolve-');
  const all = [...wanted.candidates, ...wanted.local];
  const local = await localArguments(all, scratch.path);
  const result = await runApt(root, context, {
    tool: 'apt-get',
    args: ['--simulate', ...local.args, 'install', ...wanted.local.map(targetOf), ...wanted.names],
    binds: local.binds,
    output: 'capture',
  });
  return readResolution(result, context, all);
}

/** What makes apt know local packages and prefer them. */
async function localArguments(
  local: readonly LocalPackage[],
  scratchDirectory: string,
): Promise<{ readonly args: readonly string[]; readonly binds: readonly Bind[] }> {
  if (local.length === 0) return { args: [], binds: [] };
  const path = join(scratchDirectory, 'preferences');
  await writeText(path, preferences);
  return {
    args: [
      '--allow-downgrades',
      '-o',
      `Dir::Etc::preferences=${preferencesPath}`,
      ...local.flatMap((file) => ['--with-source', targetOf(file)]),
    ],
    binds: [
      { source: path, target: preferencesPath },
      ...local.map((file) => ({ source: file.path, target: targetOf(file) })),
    ],
  };
}

function targetOf(file: LocalPackage): string {
  return join(localMount, file.fileName);
}

function readResolution(
  result: CommandResult,
  context: ResolveContext,
  local: readonly LocalPackage[],
): Resolution {
  if (result.end.kind !== 'exited') return { kind: 'interrupted', end: result.end };
  if (result.end.exitCode !== 0) {
    const said = `${result.output}\n${result.tail}`;
    const unknown = parseUnknownPackage(said);
    if (unknown !== undefined) return { kind: 'unknown-package', name: unknown };
    return { kind: 'unsatisfiable', explanation: parseUnmetDependencies(said), decidedBy: 'apt' };
  }
  const simulation = parseSimulation(result.output);
  const packages = simulation.installed.map((chosen) => toResolved(chosen, context, local));
  return { kind: 'resolved', packages, removed: simulation.removed, decidedBy: 'apt' };
}

function toResolved(
  chosen: SimulatedInstall,
  context: ResolveContext,
  local: readonly LocalPackage[],
): ResolvedPackage {
  const own = local.find(({ name, version }) => name === chosen.name && version === chosen.version);
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
