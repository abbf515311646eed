// SPDX-License-Identifier: GPL-2.0-or-later
import pLimit from 'p-limit';
import { type ErrorCode, errorCodes, PasekaError } from '../base/paseka-error.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import { runProcess } from '../host/process.ts';
import type { TaskDependencies } from './api/tasks.ts';
import { commandLine, type ProgramCall, readProgramDocument } from './program-call.ts';

/** It may have to make a base again. */
const timeoutMs = 10 * 60_000;
const mostKept = 50;
/** So many may wait for their turn; others ask again later. */
const mostWaiting = 4;

/**
 * What was installed to build a task and why, asked of `paseka campaign dependencies`: that opens the campaign's snapshot, which would take
 * this process hundreds of megabytes for each. One at a time; the last answers are kept, as they don't change.
 */
export class DependencyReader {
  readonly #program: ProgramCall;
  readonly #limit = pLimit(1);
  readonly #kept = new Map<string, Promise<TaskDependencies>>();

  constructor(program: ProgramCall) {
    this.#program = program;
  }

  /** Throws PasekaError as the program says it, and state-busy where too many wait. */
  read(campaign: Pick<CampaignState, 'id'>, task: TaskState, signal: AbortSignal): Promise<TaskDependencies> {
    const key = `${campaign.id} ${task.task} ${task.attempts.length}`;
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    if (this.#limit.pendingCount >= mostWaiting) return Promise.reject(tooManyWait());
    const asked = this.#limit(() => this.#ask(campaign.id, task, signal));
    this.#kept.set(key, asked);
    for (const old of [...this.#kept.keys()].slice(0, -mostKept)) this.#kept.delete(old);
    // What went wrong may go well the next time.
    asked.catch(() => this.#kept.delete(key));
    return asked;
  }

  async #ask(
    campaign: string,
    { source, version }: TaskState,
    signal: AbortSignal,
  ): Promise<TaskDependencies> {
    const { stdout, stderr } = await runProcess({
      command: commandLine(this.#program, ['campaign', 'dependencies'], [campaign, `${source}=${version}`]),
      environment: this.#program.environment,
      signal,
      timeoutMs,
    });
    const document = readProgramDocument(stdout) as Partial<TaskDependencies> &
      ReturnType<typeof readProgramDocument>;
    if (document.packages !== undefined) return document as TaskDependencies;
    const { code = 'bug', message = stderr, hint = '' } = document.error ?? {};
    if (!(code in errorCodes)) throw new Error(message);
    throw new PasekaError(code as ErrorCode, message, hint);
  }
}

function tooManyWait(): PasekaError {
  return new PasekaError(
    'state-busy',
    'dependencies of other tasks are being looked for',
    'ask again in a while',
  );
}
