// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { readText } from '../../host/files.ts';
import type { Resolution, ResolveContext, SourceFiles, WantedPackages } from '../distribution.ts';
import type { Root } from '../root.ts';
import * as byApt from './resolve-by-apt.ts';
import { resolvePackagesInProcess, resolveSourceInProcess } from './resolve-in-process.ts';

/** What `apt-get build-dep` would install: found in process where that can be decided, else by the base's own apt. */
export async function resolveBuildDependencies(
  root: Root,
  context: ResolveContext,
  source: SourceFiles,
  profiles: readonly string[],
): Promise<Resolution> {
  const [first] = source.files;
  const description =
    source.input.kind === 'directory' ? join(source.input.path, 'debian', 'control') : first?.path;
  const answer =
    description === undefined
      ? undefined
      : await resolveSourceInProcess(context, await readText(description), profiles);
  return answer ?? byApt.resolveBuildDependencies(root, context, source, profiles);
}

/** What `apt-get install` would install, local packages preferred to the repository's. */
export async function resolvePackages(
  root: Root,
  context: ResolveContext,
  wanted: WantedPackages,
): Promise<Resolution> {
  const answer = await resolvePackagesInProcess(context, wanted);
  return answer ?? byApt.resolvePackages(root, context, wanted);
}
