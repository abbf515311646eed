// SPDX-License-Identifier: GPL-2.0-or-later
/** Makes a group with a process in it, says its directory and that process, and waits to be killed. */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { openResourceGroups } from '../../src/host/cgroup.ts';

using groups = openResourceGroups();
const group = groups.create({});
const enter = group.entryFiles.map((file) => `echo 0 > '${file}'`).join('; ');
const child = spawn('/bin/sh', ['-c', `${enter}; echo entered; exec sleep 600`], {
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
child.stdout.once('data', () => process.stdout.write(`${dirname(group.entryFiles[0] ?? '')} ${child.pid}\n`));
setInterval(() => undefined, 1000);
await new Promise(() => undefined);
