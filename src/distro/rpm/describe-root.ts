// SPDX-License-Identifier: GPL-2.0-or-later
import type { RootDescription } from '../distribution.ts';
import type { CommandRoot } from '../root.ts';

/** Without the time of each installation, and with what the package is known by; then files that are not as packages say. */
const describeScript = `
rpm --query --all --qf '%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH} %{SIGMD5}\\n' || exit
rpm --verify --all --nodeps
exit 0`;

/** What the root's own rpm has as installed, and how that differs from what is there. */
export async function describeRoot(root: CommandRoot): Promise<RootDescription> {
  const { end, output } = await root.run({
    command: ['/bin/sh', '-c', describeScript],
    identity: 'root',
    output: 'capture',
  });
  if (end.kind !== 'exited') return { kind: 'interrupted', end };
  const lines = output.split('\n').filter((line) => line !== '');
  return { kind: 'described', lines: end.exitCode === 0 ? lines : ['rpm can not list what is installed'] };
}
