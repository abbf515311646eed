// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { listDirectory, readText, removeTree } from '../../host/files.ts';
import { entryInside, pathInside, readTextInside } from '../../host/path-inside.ts';
import { absentFrom } from '../../host/written-entries.ts';
import type { InstallCheckResult, LocalPackage } from '../distribution.ts';
import type { CommandResult, Root } from '../root.ts';
import { installEnvironment, localMount } from './apt-in-root.ts';
import { findDependencyCycle } from './dependency-cycle.ts';
import { type DpkgPackage, readDpkgStatus } from './dpkg-status.ts';
import { installFailure, withoutServices } from './install-by-apt.ts';
import { halfDone, waitingPackages } from './install-in-circle.ts';
import { alternativeLinks, isRegistryPath, mergedPath } from './owned-paths.ts';

type Step = Extract<InstallCheckResult, { kind: 'failed' }>['step'];

/**
 * The rules of a farm that gates packages (ALT's girar, in Debian's terms): over a root with its dependencies the
 * package installs and is the only new one, nothing is left unconfigured, what it lists is there; then removal and
 * purge succeed. Files that no package owns, what stays after the purge, and dependency cycles are warnings.
 */
export async function checkInstall(root: Root, file: LocalPackage): Promise<InstallCheckResult> {
  const warnings: string[] = [];
  const failed = (step: Step, reason: string): InstallCheckResult => ({
    kind: 'failed',
    step,
    reason,
    warnings,
  });
  await withoutServices(root);
  const there = await readDpkgStatus(root);
  const waiting = waitingPackages(there);
  const before = waiting.length === 0 ? there : asInstalled(there, waiting);
  const pathsBefore = new Set(await root.addedPaths());

  const installed =
    waiting.length === 0
      ? await dpkg(root, ['--install', join(localMount, file.fileName)], file)
      : await completeCircle(root, file, waiting, pathsBefore);
  if (installed.end.kind !== 'exited') return { kind: 'interrupted', end: installed.end };
  if (installed.end.exitCode !== 0) {
    const broken = halfDone(await readDpkgStatus(root));
    const isOwn = broken.includes(file.name) || broken.length === 0;
    return failed(isOwn ? 'install' : 'install-dependencies', installFailure(installed.tail));
  }

  const after = await readDpkgStatus(root);
  const problem = verify(file, before, after);
  if (problem !== undefined) return failed('verify', problem);
  const missing = await missingFiles(root, file);
  if (missing.length > 0) return failed('verify', `listed but not there: ${some(missing)}`);
  const unowned = await unownedPaths(root, pathsBefore, file);
  if (unowned.length > 0) warnings.push(`owned by no package: ${some(unowned)}`);
  const cycle = findDependencyCycle(file.name, after.values());
  if (cycle !== undefined) warnings.push(`circular dependency: ${cycle.join(' → ')}`);

  const partOfBase = [...before.values()].some(
    (entry) => entry.name === file.name && entry.state === 'installed',
  );
  if (partOfBase) {
    warnings.push('it is part of the minimal system: its removal was not tried');
    return { kind: 'passed', warnings };
  }
  const force = cycle === undefined ? [] : ['--force-depends'];
  // one call does both, as dpkg does them one after the other: how far it came, its database tells
  const purge = await dpkg(root, [...force, '--purge', file.name]);
  if (purge.end.kind !== 'exited') return { kind: 'interrupted', end: purge.end };
  const rest = [...(await readDpkgStatus(root)).values()].find(
    (entry) => entry.name === file.name && entry.state !== 'not-installed',
  );
  if (purge.end.exitCode !== 0) {
    return failed(
      rest === undefined || rest.state === 'config-files' ? 'purge' : 'remove',
      installFailure(purge.tail),
    );
  }
  if (rest !== undefined) return failed('purge', `dpkg still has it as ${rest.state}`);
  const left = (await newPaths(root, pathsBefore)).filter((path) => !isRegistryPath(path));
  if (left.length > 0) warnings.push(`left behind after the purge: ${some(left)}`);
  return { kind: 'passed', warnings };
}

/**
 * Installs it where others wait for it. Policy has no order in a circle (7.2): the others go first, so that what they make is
 * told apart and added to `pathsBefore`; where one of them fails, dpkg chooses.
 */
async function completeCircle(
  root: Root,
  file: LocalPackage,
  waiting: readonly string[],
  pathsBefore: Set<string>,
): Promise<CommandResult> {
  const target = join(localMount, file.fileName);
  const unpacked = await dpkg(root, ['--force-depends', '--unpack', target], file);
  if (!hasSucceeded(unpacked)) return unpacked;
  const own = new Set(await root.addedPaths());
  const others = await dpkg(root, ['--force-depends', '--configure', ...waiting]);
  if (others.end.kind !== 'exited') return others;
  if (hasSucceeded(others)) for (const path of await newPaths(root, own)) pathsBefore.add(path);
  return dpkg(root, ['--configure', '--pending']);
}

function hasSucceeded({ end }: CommandResult): boolean {
  return end.kind === 'exited' && end.exitCode === 0;
}

function asInstalled(
  packages: ReadonlyMap<string, DpkgPackage>,
  names: readonly string[],
): ReadonlyMap<string, DpkgPackage> {
  return new Map(
    packages
      .entries()
      .map(([key, one]) => [key, names.includes(one.name) ? { ...one, state: 'installed' } : one]),
  );
}

async function dpkg(root: Root, args: readonly string[], file?: LocalPackage): Promise<CommandResult> {
  const target = file === undefined ? undefined : join(localMount, file.fileName);
  const result = await root.run({
    command: ['dpkg', '--force-unsafe-io', '--force-confnew', ...args],
    identity: 'root',
    environment: installEnvironment,
    binds: file === undefined || target === undefined ? [] : [{ source: file.path, target }],
    output: 'log',
    limited: true,
  });
  if (target !== undefined) await removeTree(await entryInside(root.directory, target));
  return result;
}

function verify(
  file: LocalPackage,
  before: ReadonlyMap<string, DpkgPackage>,
  after: ReadonlyMap<string, DpkgPackage>,
): string | undefined {
  for (const entry of after.values()) {
    if (!['installed', 'config-files', 'not-installed'].includes(entry.state)) {
      return `${entry.name} is ${entry.state} after the installation`;
    }
  }
  const isInstalled = (packages: ReadonlyMap<string, DpkgPackage>, key: string): boolean =>
    packages.get(key)?.state === 'installed';
  const fresh = [...after.keys()].filter((key) => isInstalled(after, key) && !isInstalled(before, key));
  // its own key may change: a package may become independent of the architecture
  const gone = [...before.entries()]
    .filter(([key, { name }]) => name !== file.name && isInstalled(before, key) && !isInstalled(after, key))
    .map(([key]) => key);
  if (gone.length > 0) return `its installation removed ${gone.join(', ')}`;
  const others = fresh.filter((key) => after.get(key)?.name !== file.name);
  if (others.length > 0) return `besides it, ${others.join(', ')} became installed`;
  const own = [...after.values()].find((entry) => entry.name === file.name && entry.state === 'installed');
  if (own?.version !== file.version)
    return `${own?.version ?? 'nothing'} is installed instead of ${file.version}`;
  return undefined;
}

/** What the package lists and its installation did not leave, diverted files aside. */
async function missingFiles(root: Root, file: LocalPackage): Promise<string[]> {
  const diversions = (await readTextInside(root.directory, 'var/lib/dpkg/diversions')) ?? '';
  const listed = await listedPaths(root, file);
  const absent = new Set(await absentFrom([root.directory], listed.map(mergedPath).sort()));
  return listed.filter((path) => absent.has(mergedPath(path)) && !diversions.includes(`${path}\n`));
}

async function listedPaths(root: Root, file: LocalPackage): Promise<string[]> {
  const info = 'var/lib/dpkg/info';
  const text =
    (await readTextInside(root.directory, join(info, `${file.name}.list`))) ??
    (await readTextInside(root.directory, join(info, `${file.name}:${file.architecture}.list`))) ??
    '';
  return text.split('\n').filter((path) => path !== '' && path !== '/.');
}

async function newPaths(root: Root, before: ReadonlySet<string>): Promise<string[]> {
  return (await root.addedPaths()).filter((path) => !before.has(path));
}

/** New paths that stand in no package's list; nearly always all are in that of `file`, which is looked at first. */
async function unownedPaths(root: Root, before: ReadonlySet<string>, file: LocalPackage): Promise<string[]> {
  const own = new Set((await listedPaths(root, file)).map(mergedPath));
  const candidates = (await newPaths(root, before)).filter(
    (path) => !isRegistryPath(path) && !own.has(mergedPath(path)),
  );
  if (candidates.length === 0) return [];
  const info = await pathInside(root.directory, 'var/lib/dpkg/info');
  const owned = new Set<string>();
  for (const name of await listDirectory(info)) {
    if (!name.endsWith('.list')) continue;
    for (const path of (await readText(join(info, name))).split('\n')) owned.add(mergedPath(path));
  }
  const alternatives = await pathInside(root.directory, 'var/lib/dpkg/alternatives');
  const texts = await Promise.all(
    (await listDirectory(alternatives)).map((name) => readText(join(alternatives, name))),
  );
  for (const link of alternativeLinks(texts)) owned.add(link);
  return candidates.filter((path) => !owned.has(mergedPath(path)));
}

function some(paths: readonly string[]): string {
  const shown = paths.slice(0, 5).join(', ');
  return paths.length > 5 ? `${shown} and ${paths.length - 5} more` : shown;
}
