// SPDX-License-Identifier: GPL-2.0-or-later
import type { InstallEnd } from '../distribution.ts';
import type { Bind, CommandResult, Root } from '../root.ts';
import { repeatableEnvironment } from './apt-in-root.ts';
import { installFailure } from './install-by-apt.ts';

/** Runs dpkg as root of the root, as what installs dependencies; the caller reads the result. */
export function runDpkg(
  root: Root,
  args: readonly string[],
  binds: readonly Bind[] = [],
): Promise<CommandResult> {
  return root.run({
    command: ['dpkg', '--force-unsafe-io', ...args],
    identity: 'root',
    environment: repeatableEnvironment,
    binds,
    skipsSleep: true,
    output: 'log',
  });
}

/** What kept dpkg from succeeding; undefined where it did. */
export function dpkgFailure({
  end,
  tail,
}: CommandResult): Exclude<InstallEnd, { kind: 'installed' }> | undefined {
  if (end.kind !== 'exited') return { kind: 'interrupted', end };
  return end.exitCode === 0 ? undefined : { kind: 'failed', reason: installFailure(tail) };
}
