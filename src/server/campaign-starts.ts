// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { PasekaError } from '../base/paseka-error.ts';
import { type DetachedProcess, startDetached } from '../host/detached-process.ts';
import { readTextIfExists } from '../host/files.ts';
import type { ProcessIdentity } from '../host/process-table.ts';
import { makeScratchDirectory, type ScratchDirectory } from '../host/scratch-directory.ts';
import type { StartedRun } from './api/starts.ts';
import { commandLine, type ProgramCall, readProgramDocument } from './program-call.ts';

interface Run {
  readonly process: DetachedProcess;
  readonly output: string;
  readonly errors: string;
  isOver: boolean;
  campaign: string | undefined;
}

const mostRuns = 100;

/**
 * Campaigns that were asked for here. Each is run by a process of its own, as if the user had called the program: it goes on
 * when this is disposed, and the database has all that is to be known of it.
 */
export class CampaignStarts implements AsyncDisposable {
  readonly #program: ProgramCall;
  readonly #campaignOf: (process: ProcessIdentity) => string | undefined;
  readonly #scratch: ScratchDirectory;
  readonly #runs = new Map<string, Run>();

  private constructor(
    scratch: ScratchDirectory,
    program: ProgramCall,
    campaignOf: (process: ProcessIdentity) => string | undefined,
  ) {
    this.#scratch = scratch;
    this.#program = program;
    this.#campaignOf = campaignOf;
  }

  /** @param campaignOf which campaign a process runs, by the database. */
  static async open(
    scratchParent: string,
    program: ProgramCall,
    campaignOf: (process: ProcessIdentity) => string | undefined,
  ): Promise<CampaignStarts> {
    return new CampaignStarts(await makeScratchDirectory(scratchParent, 'starts'), program, campaignOf);
  }

  /** Calls the program with a verb, its options, and words that are no options. */
  start(verb: readonly string[], options: readonly string[], words: readonly string[]): Promise<StartedRun> {
    const id = randomUUID();
    const [output, errors] = [join(this.#scratch.path, `${id}.json`), join(this.#scratch.path, `${id}.said`)];
    const process = startDetached({
      command: commandLine(this.#program, verb, words, options),
      environment: this.#program.environment,
      outputPath: output,
      errorsPath: errors,
    });
    const run: Run = { process, output, errors, isOver: false, campaign: undefined };
    void process.ended.then(() => {
      run.isOver = true;
    });
    this.#runs.set(id, run);
    for (const old of [...this.#runs.keys()].slice(0, -mostRuns)) this.#runs.delete(old);
    return this.find(id);
  }

  /** What became of a start. Throws PasekaError unknown-start. */
  async find(id: string): Promise<StartedRun> {
    const run = this.#runs.get(id);
    if (run === undefined) {
      throw new PasekaError('unknown-start', `nothing was started here as ${id}`, 'look at the campaigns');
    }
    // What it has said is complete where it was over before it is read.
    const { isOver } = run;
    const { identity } = run.process;
    if (identity !== undefined) run.campaign ??= this.#campaignOf(identity);
    const said = lastLine((await readTextIfExists(run.errors)) ?? '');
    if (run.campaign !== undefined) return { start: id, status: 'started', campaign: run.campaign, said };
    if (!isOver) return { start: id, status: 'starting', said };
    const document = readProgramDocument((await readTextIfExists(run.output)) ?? '');
    run.campaign = document.campaign?.id;
    if (run.campaign !== undefined) return { start: id, status: 'started', campaign: run.campaign, said };
    const unexplained = { code: 'bug', message: said, hint: 'call the program by hand to see more' };
    return { start: id, status: 'refused', said, error: document.error ?? unexplained };
  }

  /** What was started goes on. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scratch[Symbol.asyncDispose]();
  }
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
