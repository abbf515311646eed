// SPDX-License-Identifier: GPL-2.0-or-later
/** A program of its own that runs contained commands until it is killed: contained-driver.ts MARK. */
import { runProcess } from '../../src/host/process.ts';

const [mark = ''] = process.argv.slice(2);
process.stdout.write('begun\n');
for (;;) {
  await runProcess({
    command: ['/bin/sh', '-c', `setsid -f sleep ${mark} >/dev/null 2>&1; sleep 0.01`],
    environment: { PATH: '/usr/bin:/bin' },
    contained: true,
  });
}
