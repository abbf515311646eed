// SPDX-License-Identifier: GPL-2.0-or-later
/** Runs one command in a sandbox that has this process's terminal: terminal-driver.ts ROOT COMMAND [ARGUMENT...]. */
import { sampledGroups } from '../../src/host/process-sampler.ts';
import { openBubblewrap } from '../../src/sandbox/bubblewrap.ts';

const [root = '', command = '', ...args] = process.argv.slice(2);
const { end } = await openBubblewrap(sampledGroups('for a test', null)).run({
  root,
  command: [command, ...args],
  identity: 'builder',
  environment: { TERM: 'dumb' },
  workingDirectory: '/',
  binds: [{ source: '/usr', target: '/usr' }],
  limits: { timeoutMs: 30_000 },
  output: { kind: 'terminal' },
});
process.stdout.write(`${JSON.stringify(end)}\n`);
