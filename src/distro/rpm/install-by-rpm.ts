// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { linkOrCopy, makeTemporaryDirectory } from '../../host/files.ts';
import type { InstallEnd, InstallRequest } from '../distribution.ts';
import type { ResolveContext } from '../resolution.ts';
import type { CommandResult, Root } from '../root.ts';
import { deviationFromPlan, listScript, parseParts } from './installed-list.ts';
import { transactionFailure } from './rpm-messages.ts';

/** Where package files are shown inside a root; every base has it. */
export const packageMount = '/mnt';

/** Digests were checked when files came into the pool, signatures with the snapshot. */
export const unchecked = ['--nosignature', '--nodigest'] as const;

/**
 * Without three plugins. One keeps /tmp, /home and the network from packages' scripts (rpm 4.20): it has to mount, which nobody
 * may inside of a root, where no script would run then, and which it can't with `rpm --root`. The second gives scripts the
 * usual priority, which is not for rpm to say here, and complains where it may not. The third tells a desktop of it.
 */
export const withoutPlugins = [
  ...['--define', '__transaction_unshare %{nil}'],
  ...['--define', '__transaction_prioreset %{nil}'],
  ...['--define', '__transaction_dbus_announce %{nil}'],
] as const;

/** Puts packages in, in the place of whatever there is of the same names: older ones, newer ones, those of the same version. */
export const installCommand = [
  ...(['rpm', '--upgrade', '--oldpackage', '--replacepkgs'] as const),
  ...unchecked,
  ...withoutPlugins,
] as const;

/** Takes packages out. */
export const eraseCommand = ['rpm', '--erase', ...withoutPlugins] as const;

/** The command that installs, with what is installed before and after it: together, since a start of a sandbox takes longer. */
const countedScript = `
echo '[before]'; ${listScript}
"$@" >&2 || exit
echo '[after]'; ${listScript}
exit 0`;

interface OfferedPackages extends AsyncDisposable {
  readonly directory: string;
  /** In the order of the packages. */
  readonly names: readonly string[];
}

/**
 * Installs exactly the resolved packages by the root's own rpm, in one transaction, from files that are shown to it
 * read-only. What has to go goes before. A failing %post is no failure of this, as with dnf. In a circle, they don't wait for
 * what is absent: its own installation asks for what it needs, and they are all that needs it. What is installed afterwards is
 * counted.
 */
export async function installByRpm(
  root: Root,
  context: ResolveContext,
  request: InstallRequest,
): Promise<InstallEnd> {
  const { absent, packages, removed } = request;
  if (removed.length > 0) {
    const erased = await run(root, [...eraseCommand, '--nodeps', ...removed]);
    if (erased.end.kind !== 'exited') return { kind: 'interrupted', end: erased.end };
    if (erased.end.exitCode !== 0) return { kind: 'failed', reason: transactionFailure(erased.tail) };
  }
  if (packages.length === 0) return { kind: 'installed' };
  await using offered = await offerPackages(context.scratchDirectory, request);
  const force = absent === undefined ? [] : ['--nodeps'];
  const command = ['/bin/sh', '-c', countedScript, 'install', ...installCommand, ...force, ...offered.names];
  const result = await run(root, command, offered);
  if (result.end.kind !== 'exited') return { kind: 'interrupted', end: result.end };
  if (result.end.exitCode !== 0) return { kind: 'failed', reason: transactionFailure(result.tail) };
  const answer = parseParts(result.output);
  const problem = deviationFromPlan(packages, answer.get('before') ?? [], answer.get('after') ?? []);
  return problem === undefined
    ? { kind: 'installed' }
    : { kind: 'failed', reason: `not installed as planned: ${problem}` };
}

/** A directory of links to the package files, under names that rpm takes for packages. */
async function offerPackages(scratchDirectory: string, request: InstallRequest): Promise<OfferedPackages> {
  const directory = await makeTemporaryDirectory(scratchDirectory, 'packages-');
  const names: string[] = [];
  for (const [index, chosen] of request.packages.entries()) {
    const name = `${index}.rpm`;
    const path = chosen.from === 'local' ? chosen.path : request.pathOf(chosen);
    await linkOrCopy(path, join(directory.path, name));
    names.push(name);
  }
  return {
    directory: directory.path,
    names,
    [Symbol.asyncDispose]: () => directory[Symbol.asyncDispose](),
  };
}

function run(
  root: Root,
  command: readonly string[],
  offered?: Pick<OfferedPackages, 'directory'>,
): Promise<CommandResult> {
  const [tool = 'rpm', ...rest] = command;
  return root.run({
    command: [tool, ...rest],
    identity: 'root',
    workingDirectory: offered === undefined ? '/' : packageMount,
    binds: offered === undefined ? [] : [{ source: offered.directory, target: packageMount }],
    output: 'capture',
    skipsSleep: true,
  });
}
