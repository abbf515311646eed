// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../base/paseka-error.ts';
import type { CampaignStore } from '../db/campaign-store.ts';
import { signalProcess } from '../host/process-table.ts';

/**
 * Tells the process that runs a campaign to stop, as Ctrl-C does: what runs may end within its grace period, or is
 * stopped too where `isNow`. Gives the process's number. Throws PasekaError campaign-not-running, and campaign-running where
 * it is another user's.
 */
export function cancelCampaign(
  store: Pick<CampaignStore, 'find' | 'runner'>,
  idOrPrefix: string,
  isNow: boolean,
): { readonly id: string; readonly pid: number } {
  const { id, status } = store.find(idOrPrefix);
  const runner = store.runner(id);
  // SIGHUP is what stops at once, whatever came before (cli/stop-signals.ts)
  if (status !== 'running' || runner === undefined || !signal(runner, isNow ? 'SIGHUP' : 'SIGTERM')) {
    throw new PasekaError(
      'campaign-not-running',
      `the campaign ${id} is not running: ${status}`,
      'there is nothing to stop',
    );
  }
  return { id, pid: runner.pid };
}

function signal(runner: Parameters<typeof signalProcess>[0], name: 'SIGHUP' | 'SIGTERM'): boolean {
  try {
    return signalProcess(runner, name);
  } catch (error) {
    throw new PasekaError(
      'campaign-running',
      `process ${runner.pid}, which runs the campaign, can't be told: ${(error as Error).message}`,
      'cancel it as the user who runs it',
      error,
    );
  }
}
