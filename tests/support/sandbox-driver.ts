// SPDX-License-Identifier: GPL-2.0-or-later
/** A program of its own that runs one sandbox after the other until it is killed; says `begun` after the
 * first: sandbox-driver.ts ROOT MARK. */
import { openResourceGroups } from '../../src/host/cgroup.ts';
import { openBubblewrap } from '../../src/sandbox/bubblewrap.ts';

const [root = '', mark = ''] = process.argv.slice(2);
using groups = openResourceGroups();
const sandbox = openBubblewrap(groups);
for (let count = 0; ; count++) {
  await sandbox.run({
    root,
    command: ['/bin/sh', '-c', `setsid -f sleep ${mark} >/dev/null 2>&1 </dev/null; sleep 0.02`],
    identity: count % 2 === 0 ? 'builder' : 'root',
    environment: {},
    workingDirectory: '/',
    binds: [{ source: '/usr', target: '/usr' }],
    limits: {},
    output: { kind: 'stream', onOutput: () => undefined },
  });
  if (count === 0) process.stdout.write('begun\n');
}
