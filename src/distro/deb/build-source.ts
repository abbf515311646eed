// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { isPasekaError } from '../../base/paseka-error.ts';
import {
  changeOwner,
  copyFile,
  copyTree,
  listDirectory,
  makeDirectory,
  pathExists,
  readText,
  removeTree,
} from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import { isPlainFile } from '../../host/path-inside.ts';
import type { BuildOptions, BuildResult, BuiltFile, LocalPackage } from '../distribution.ts';
import { builderId, type CommandResult, type Root } from '../root.ts';
import type { SourceFiles } from '../source-input.ts';
import { parseChangesFile } from './changes-file.ts';
import { Deb822Error } from './deb822.ts';
import { failureReason } from './failure-reason.ts';
import { withoutEpoch } from './file-name.ts';
import { readPackage } from './read-package.ts';

/** Below it, a directory for each source. */
export const buildDirectory = '/build';

/**
 * Builds a source as a Debian builder does: unpacked by dpkg-source to `/build/<source>-<version>`, built by
 * dpkg-buildpackage as an unprivileged user, unsigned, binary packages of this architecture and of all.
 */
export async function buildSource(
  root: Root,
  source: SourceFiles,
  options: BuildOptions,
): Promise<BuildResult> {
  const tree = `${buildDirectory}/${source.input.name}-${withoutEpoch(source.input.version)}`;
  options.onStep('unpack');
  const unpacked = await unpack(root, source, tree);
  if (unpacked !== undefined) {
    if (unpacked.end.kind !== 'exited') return { kind: 'interrupted', stage: 'unpack', end: unpacked.end };
    if (unpacked.end.exitCode !== 0) {
      return { kind: 'failed', stage: 'unpack', reason: failureReason(unpacked.tail) };
    }
  }
  options.onStep('build');
  const built = await root.run({
    command: ['dpkg-buildpackage', '--sanitize-env', '-us', '-uc', '-b'],
    identity: 'builder',
    environment: buildEnvironment(options),
    workingDirectory: tree,
    output: 'log',
    limited: true,
  });
  if (built.end.kind !== 'exited') return { kind: 'interrupted', stage: 'build', end: built.end };
  if (built.end.exitCode !== 0) return { kind: 'failed', stage: 'build', reason: failureReason(built.tail) };
  options.onStep('collect');
  return collect(join(root.directory, buildDirectory));
}

/** As sbuild gives it: parallelism and profiles; dpkg-buildpackage sets SOURCE_DATE_EPOCH from the changelog. */
function buildEnvironment(options: BuildOptions): Record<string, string> {
  const buildOptions = [
    `parallel=${options.parallel}`,
    ...['nocheck', 'nodoc'].filter((name) => options.profiles.includes(name)),
  ];
  return {
    DEB_BUILD_OPTIONS: buildOptions.join(' '),
    ...(options.profiles.length > 0 ? { DEB_BUILD_PROFILES: options.profiles.join(' ') } : {}),
    USER: 'builder',
    LOGNAME: 'builder',
    SHELL: '/bin/sh',
  };
}

/** The result of dpkg-source, or undefined where a directory was copied instead. */
async function unpack(root: Root, source: SourceFiles, tree: string): Promise<CommandResult | undefined> {
  const outside = join(root.directory, buildDirectory);
  // Made anew: a dependency's script may have put a link to elsewhere at it or in it.
  await removeTree(outside);
  await makeDirectory(outside);
  if (source.input.kind === 'directory') {
    await copyTree(source.input.path, join(root.directory, tree));
    await changeOwner(outside, builderId, builderId);
    return undefined;
  }
  for (const file of source.files) await copyFile(file.path, join(outside, file.fileName));
  await changeOwner(outside, builderId, builderId);
  return root.run({
    command: ['dpkg-source', '--no-check', '--extract', source.files[0]?.fileName ?? '', tree],
    identity: 'builder',
    workingDirectory: buildDirectory,
    output: 'log',
    limited: true,
  });
}

/**
 * Takes what the `.changes` lists, each file checked against it. Only plain files: the build may have left links to this
 * host's files, or pipes that nobody would ever end reading.
 */
async function collect(directory: string): Promise<BuildResult> {
  const failed = (reason: string): BuildResult => ({ kind: 'failed', stage: 'collect', reason });
  const changesNames = (await listDirectory(directory)).filter((name) => name.endsWith('.changes'));
  const [changesName] = changesNames;
  if (changesName === undefined || changesNames.length > 1) {
    return failed(`the build left ${changesNames.length} .changes files`);
  }
  if (!(await isPlainFile(join(directory, changesName)))) return failed(`${changesName} is no plain file`);
  let changes;
  try {
    changes = parseChangesFile(await readText(join(directory, changesName)));
  } catch (error) {
    if (!(error instanceof Deb822Error)) throw error;
  }
  if (changes === undefined) return failed(`${changesName} is malformed`);
  const artifacts: BuiltFile[] = [];
  const packages: LocalPackage[] = [];
  for (const listed of changes.files) {
    const path = join(directory, listed.fileName);
    if (!(await pathExists(path)))
      return failed(`${listed.fileName} is listed in ${changesName} but is not there`);
    if (!(await isPlainFile(path))) return failed(`${listed.fileName} is no plain file`);
    if ((await hashFile(path)) !== listed.sha256)
      return failed(`${listed.fileName} is not what ${changesName} lists`);
    artifacts.push({ ...listed, path });
    if (!listed.fileName.endsWith('.deb')) continue;
    try {
      packages.push(await readPackage(path));
    } catch (error) {
      if (!isPasekaError(error, 'bad-binary-package')) throw error;
      return failed(`${listed.fileName} is not a binary package`); // the build's failure, not this host's
    }
  }
  const changesPath = join(directory, changesName);
  const text = await readText(changesPath);
  artifacts.push({
    fileName: changesName,
    path: changesPath,
    bytes: Buffer.byteLength(text),
    sha256: await hashFile(changesPath),
  });
  return { kind: 'built', artifacts, packages };
}
