// SPDX-License-Identifier: GPL-2.0-or-later
import type { Buildroot } from '../buildroot/buildroot.ts';
import type { CommandRoot, Root } from '../distro/root.ts';
import type { Priority } from '../host/priority.ts';
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
  /** Whether it is done ahead of its need, and so is not to slow down what runs; may change from one command to the next. */
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
  await using buildroot = await acquire(context, run, lower, keepIn);
  return await use(rootOf(context, run, buildroot), buildroot);
}

/** The same for who may not need one: it is made when the first command is to be run in it. */
export async function withRootOnDemand<T>(
  context: CampaignContext,
  run: TaskRun,
  lower: readonly string[],
  use: (root: CommandRoot) => Promise<T>,
): Promise<T> {
  await using stack = new AsyncDisposableStack();
  let made: Promise<Root> | undefined;
  const make = async (): Promise<Root> =>
    rootOf(context, run, stack.use(await acquire(context, run, lower, undefined)));
  return await use({ run: async (command) => (await (made ??= make())).run(command) });
}

/** At which priority its next command runs; one that has begun at idle priority keeps it when somebody comes to wait for it. */
export function priorityOf({ isAhead = false }: Pick<TaskRun, 'isAhead'>): Priority {
  return isAhead ? 'idle' : 'usual';
}

function acquire(
  context: CampaignContext,
  run: TaskRun,
  lower: readonly string[],
  keepIn: string | undefined,
): Promise<Buildroot> {
  return context.buildroots.acquire({
    lower,
    upper: keepIn === undefined ? run.options.upper : { kind: 'disk' },
    ...(keepIn === undefined ? {} : { keepIn }),
  });
}

function rootOf(context: CampaignContext, run: TaskRun, buildroot: Buildroot): Root {
  const { deadline } = run;
  return makeTaskRoot({
    buildroot,
    sandbox: context.sandbox,
    log: run.log,
    limits: run.options.limits,
    ...(deadline === undefined ? {} : { deadline }),
    now: context.now,
    usage: run.usage,
    priority: priorityOf(run),
    signal: run.signal,
  });
}
