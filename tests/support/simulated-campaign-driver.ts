// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Runs a simulated campaign, to be killed: simulated-campaign-driver.ts STATE TASKS. Waits for a line on standard input before
 * it begins, so that starting the process takes no time of the test; says `begun` when its campaign goes on and `ended` when it has come to its end.
 */
import { once } from 'node:events';
import { runSimulatedCampaign } from './simulated-campaign.ts';

const [, , statePath = '', tasks = '0'] = process.argv;
process.stdout.write('waiting\n');
await once(process.stdin, 'data');
process.stdin.destroy();
await runSimulatedCampaign({
  statePath,
  tasks: Number(tasks),
  durationMs: () => Math.random() * 4,
  onBegin: () => process.stdout.write('begun\n'),
});
process.stdout.write('ended\n');
