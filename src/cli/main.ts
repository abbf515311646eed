// SPDX-License-Identifier: GPL-2.0-or-later
import { enterEarly } from './enter-early.ts';
import { exitStatus } from './exit-status.ts';

// Whoever read the result has gone away (`paseka run ... | head`): as if a terminal had hung up. Progress may be unread.
let isResultLost = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return void process.kill(process.pid, 'SIGHUP');
  isResultLost = true;
  process.stderr.write(`paseka: standard output: ${error.message}\n`);
});
process.stderr.on('error', () => undefined);

await enterEarly(process.argv.slice(2));
const { runProgram } = await import('./program.ts');
const status = await runProgram(process.argv);
process.exitCode = status;
process.on('exit', () => {
  if (isResultLost) process.exitCode = Math.max(status, exitStatus.host);
});
