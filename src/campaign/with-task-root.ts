// SPDX-License-Identifier: GPL-2.0-or-later
import type { Buildroot } from '../buildroot/buildroot.ts';
import type { Root } from '../distro/root.ts';
import type { AttemptLog } from './attempt-log.ts';
import type { CampaignContext } from './campaign-context.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import { makeTaskRoot } from './task-root.ts';
import type { UsageMeter } from './usage-meter.ts';

/** What a task brings to the roots that it uses one after the other; an attempt of a build is one. */
export interface TaskRun {
  readonly options: Pick<RebuildOptions, 'upper' | 'limits'>;
  readonly log: AttemptLog;
  readonly usage: UsageMeter;
  readonly signal: AbortSignal;
  /** Whether it is done ahead of its need, and so is not to slow down what runs. */
  readonly isAhead?: boolean;
  /** When all of it has to be over, milliseconds since the epoch; undefined: never. */
  readonly deadline: number | undefined;
}

/** Gives `use` a fresh private root over prepared directories (topmost first) and takes it away afterwards, whatever happened. */
export async function withTaskRoot<T>(
  context: CampaignContext,
  run: TaskRun,
  lower: readonly string[],
  use: (root: Root, buildroot: Buildroot) => Promise<T>,
  keepIn?: string,
): Promise<T> {
  await using buildroot = await context.buildroots.acquire({
    lower,
    upper: keepIn === undefined ? run.options.upper : { kind: 'disk' },
    ...(keepIn === undefined ? {} : { keepIn }),
  });
  const { deadline } = run;
  return await use(
    makeTaskRoot({
      buildroot,
      sandbox: context.sandbox,
      log: run.log,
      limits: run.options.limits,
      ...(deadline === undefined ? {} : { deadline }),
      now: context.now,
      usage: run.usage,
      ...(run.isAhead === true ? { priority: 'idle' } : {}),
      signal: run.signal,
    }),
    buildroot,
  );
}
