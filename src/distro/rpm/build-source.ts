// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import {
  changeOwner,
  copyFile,
  copyTree,
  listDirectory,
  makeDirectory,
  removeTree,
} from '../../host/files.ts';
import { isPlainFile } from '../../host/path-inside.ts';
import type { BuildOptions, BuildResult } from '../distribution.ts';
import { builderId, type CommandResult, type Root } from '../root.ts';
import type { SourceFiles } from '../source-input.ts';
import { collectPackages } from './collect-packages.ts';
import { unchecked } from './install-by-rpm.ts';
import { readPackageTar } from './package-tar.ts';
import {
  architectureRefusal,
  buildFailure,
  failedStage,
  hasBegun,
  isUnmet,
  transactionFailure,
  unmetDependencies,
} from './rpm-messages.ts';
import { dateOfSourcePackage, dateOfSpec } from './source-date.ts';
import { findSpec } from './source-package.ts';

/** As mock has it: logs and debug information of many distributions name these paths. */
export const buildDirectory = '/builddir';
const home = buildDirectory;
const top = '/builddir/build';

/** rpmbuild's exit status where `%generate_buildrequires` asked for more than is installed (rpm 4.15 and later). */
const needsMoreStatus = 11;

/** $1 a tar file with a spec file and its sources at its top, $2 the spec file. */
const untarScript = `tar --extract --file="$1" --directory=${top}/SOURCES; cp -p "${top}/SOURCES/$2" ${top}/SPECS/`;

type Stage = Extract<BuildResult, { kind: 'failed' }>['stage'];

/**
 * Builds a source as an RPM distribution's builder does: a source package by `rpmbuild --rebuild`, anything else by making one of it
 * first, below `/builddir/build`, as an unprivileged user, with the root's own macros. Where the spec file, read in this root,
 * asks for more than is installed, the end is `needs-more`, with a source package that says all of it.
 */
export async function buildSource(
  root: Root,
  source: SourceFiles,
  options: BuildOptions,
): Promise<BuildResult> {
  options.onStep('unpack');
  const outside = join(root.directory, top);
  const unpacked = await unpack(root, source, outside);
  if (unpacked !== undefined) {
    if (unpacked.end.kind !== 'exited') return { kind: 'interrupted', stage: 'unpack', end: unpacked.end };
    if (unpacked.end.exitCode !== 0) return failed('unpack', transactionFailure(unpacked.tail));
  }
  const [packed] = source.files;
  const isPacked = packed?.fileName.endsWith('.rpm') === true;
  const specs = await listSpecs(root);
  if (!isPacked && specs.length !== 1) return failed('unpack', `the source has ${specs.length} spec files`);
  options.onStep('build');
  const dated = { ...options, sourceDate: await dateOfSource(root, source, specs) };
  const built = isPacked
    ? await rebuildPacked(root, `${home}/${packed.fileName}`, dated)
    : await buildUnpacked(root, `${top}/SPECS/${specs[0]}`, dated);
  if (built.end.kind !== 'exited') return { kind: 'interrupted', stage: 'build', end: built.end };
  if (built.end.exitCode !== 0) {
    const isBegun = hasBegun(built.tail);
    // rpm before 4.15 has the status of any failure for what the spec file itself asks for
    if (built.end.exitCode === needsMoreStatus || (!isBegun && isUnmet(built.tail))) {
      return await findNeeds(root, dated, built.tail);
    }
    const explanation = isBegun ? undefined : architectureRefusal(built.tail);
    if (explanation !== undefined) return { kind: 'not-for-architecture', explanation };
    return failed(failedStage(built.tail), buildFailure(built.tail));
  }
  options.onStep('collect');
  return collectPackages(outside);
}

function failed(stage: Stage, reason: string): BuildResult {
  return { kind: 'failed', stage, reason };
}

/** Names of the spec files that are unpacked. */
async function listSpecs(root: Root): Promise<string[]> {
  const names = await listDirectory(join(root.directory, top, 'SPECS'));
  return names.filter((name) => name.endsWith('.spec'));
}

/** Puts the source in place: the result of unpacking a tar file, or undefined where there is none. */
async function unpack(root: Root, source: SourceFiles, outside: string): Promise<CommandResult | undefined> {
  // Made anew: a dependency's script may have put a link to elsewhere at it or in it.
  await removeTree(join(root.directory, home));
  for (const name of ['BUILD', 'BUILDROOT', 'RPMS', 'SOURCES', 'SPECS', 'SRPMS']) {
    await makeDirectory(join(outside, name));
  }
  const { input } = source;
  if (input.kind === 'directory') {
    await copyTree(input.path, join(outside, 'SOURCES'));
    const spec = await findSpec(input.path);
    await copyFile(join(input.path, spec), join(outside, 'SPECS', basename(spec)));
  } else {
    for (const file of source.files) await copyFile(file.path, join(root.directory, home, file.fileName));
  }
  await changeOwner(join(root.directory, home), builderId, builderId);
  const [packed] = source.files;
  if (packed === undefined || packed.fileName.endsWith('.rpm')) return undefined;
  return root.run({
    command: [
      ...(['/bin/sh', '-ec', untarScript, 'untar'] as const),
      ...[`./${packed.fileName}`, (await readPackageTar(packed.path)).specName],
    ],
    identity: 'builder',
    environment: { HOME: home },
    workingDirectory: home,
    output: 'log',
    limited: true,
  });
}

/** By way of a source package, as hasher does it: packages are then those that the source package gives, too. */
async function buildUnpacked(root: Root, spec: string, options: DatedOptions): Promise<CommandResult> {
  const packed = await pack(root, spec, options);
  if (packed.end.kind !== 'exited' || packed.end.exitCode !== 0) return packed;
  return rebuildPacked(root, `${top}/SRPMS/${await findPacked(root)}`, options);
}

function pack(root: Root, spec: string, options: DatedOptions): Promise<CommandResult> {
  return rpmbuild(root, ['-bs', '--nodeps'], spec, options);
}

function rebuildPacked(root: Root, path: string, options: DatedOptions): Promise<CommandResult> {
  return rpmbuild(root, ['--rebuild', ...unchecked], path, options);
}

/** The name of the source package that rpmbuild has made; one that says what a build asked for before the plain one. */
async function findPacked(root: Root): Promise<string | undefined> {
  const names = await listDirectory(join(root.directory, top, 'SRPMS'));
  const packed = names.filter((name) => /\.(no)?src\.rpm$/.test(name));
  return packed.find((name) => name.includes('.buildreqs.')) ?? packed[0];
}

/** What dates packages whose source has no change log. */
async function dateOfSource(
  root: Root,
  { input, files: [packed] }: SourceFiles,
  [spec = '']: readonly string[],
): Promise<number | undefined> {
  if (input.kind === 'directory') return dateOfSpec(join(input.path, await findSpec(input.path)));
  return packed?.fileName.endsWith('.rpm') === true
    ? dateOfSourcePackage(packed.path)
    : dateOfSpec(join(root.directory, top, 'SPECS', spec));
}

interface DatedOptions extends BuildOptions {
  /** Undefined where rpmbuild finds it itself. */
  readonly sourceDate: number | undefined;
}

/**
 * Dates come from the spec file's change log, or from when the source was changed last, so that the same source gives the same
 * packages on another day; all else is as the root's macros say.
 */
function rpmbuild(
  root: Root,
  action: readonly string[],
  path: string,
  options: DatedOptions,
): Promise<CommandResult> {
  const macros = {
    _topdir: top,
    source_date_epoch_from_changelog: '1',
    use_source_date_epoch_as_buildtime: '1',
    build_mtime_policy: 'clamp_to_source_date_epoch', // rpm 4.20 and later
    clamp_mtime_to_source_date_epoch: '1', // before
  };
  const definitions = Object.entries(macros).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  return root.run({
    command: ['rpmbuild', ...action, ...conditions(options), ...definitions, path],
    identity: 'builder',
    environment: {
      HOME: home,
      USER: 'builder',
      LOGNAME: 'builder',
      SHELL: '/bin/sh',
      // how many processes at once: rpm's own name for it, and ALT's
      RPM_BUILD_NCPUS: String(options.parallel),
      NPROCS: String(options.parallel),
      ...(options.sourceDate === undefined ? {} : { SOURCE_DATE_EPOCH: String(options.sourceDate) }),
    },
    workingDirectory: top,
    output: 'log',
    limited: true,
  });
}

/** Build profiles as conditions of the spec file. */
function conditions(options: BuildOptions): string[] {
  return options.profiles.flatMap((profile) => (profile === 'nocheck' ? ['--nocheck'] : ['--with', profile]));
}

/**
 * What a build that can't go on needs: after a round of `%generate_buildrequires` rpmbuild has left a source package whose header
 * says it; where the spec file asks for more in this root than its source package says, one is made.
 */
async function findNeeds(root: Root, options: DatedOptions, tail: string): Promise<BuildResult> {
  let fileName = await findPacked(root);
  if (fileName === undefined) {
    const [spec = ''] = await listSpecs(root);
    const packed = await pack(root, `${top}/SPECS/${spec}`, options);
    if (packed.end.kind !== 'exited') return { kind: 'interrupted', stage: 'build', end: packed.end };
    if (packed.end.exitCode !== 0) return failed('build', buildFailure(packed.tail));
    fileName = await findPacked(root);
  }
  const path = join(root.directory, top, 'SRPMS', fileName ?? '');
  if (fileName === undefined || !(await isPlainFile(path))) {
    return failed('build', 'rpmbuild wants more packages, but did not say which');
  }
  return { kind: 'needs-more', description: { fileName, path }, reason: unmetDependencies(tail) };
}
