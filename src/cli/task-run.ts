// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { AttemptLog } from '../campaign/attempt-log.ts';
import { defaultLimits } from '../campaign/rebuild-options.ts';
import { UsageMeter } from '../campaign/usage-meter.ts';
import type { TaskRun } from '../campaign/with-task-root.ts';
import { steadyClock } from '../host/steady-clock.ts';
import type { LimitOptions } from './options.ts';
import { limitsOf, openTaskSettings } from './task-settings.ts';
import type { Workspace } from './workspace.ts';

/** A task of the command line's own, outside of any campaign: one worker, a log that goes with it. */
export async function openTaskRun(
  options: LimitOptions,
  workspace: Workspace,
  signal: AbortSignal,
  isVerbose: boolean,
): Promise<TaskRun & AsyncDisposable> {
  const { upper } = openTaskSettings({ ...options, jobs: 1 }, workspace, 1);
  const limits = { ...defaultLimits, ...limitsOf(options) };
  const echo = (text: Uint8Array): void => void process.stderr.write(text);
  const log = new AttemptLog(join(workspace.run.path, 'log'), steadyClock(), isVerbose ? echo : undefined);
  return {
    options: { upper, limits },
    log,
    usage: new UsageMeter(),
    signal,
    deadline: undefined,
    [Symbol.asyncDispose]: async () => log[Symbol.dispose](),
  };
}
