// SPDX-License-Identifier: GPL-2.0-or-later
import type { CommandEnd } from '../distro/root.ts';
import { decideEnd } from './command-end.ts';
import { LimitWatch } from './limit-watch.ts';
import type { Sandbox, SandboxRequest, SandboxResult } from './sandbox.ts';

/** A command that a {@link FakeSandbox} was asked to run and that runs nothing: it does what it is ordered to. */
export interface FakeCommand {
  readonly request: SandboxRequest;
  /** Says something, as the command would. */
  write(text: string, stream?: 'stdout' | 'stderr'): void;
  /** Ends it, by exit status or in any other way; nothing where it has ended already. */
  finish(end?: number | CommandEnd, usage?: Partial<FakeUsage>): void;
  /** How it ended for who ran it. */
  readonly ended: Promise<SandboxResult>;
}

export interface FakeUsage {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
}

/**
 * A sandbox for tests. Each command goes to `script`, which may finish it at once, and waits in any case until it is finished:
 * by the script, by a test that took it from {@link started}, by a limit of wall clock, idleness, output or upper, or by the request's
 * signal. Limits of memory and processes are the script's to break.
 */
export class FakeSandbox implements Sandbox {
  /** All commands so far, in the order of starting. */
  readonly commands: FakeCommand[] = [];
  readonly #script: (command: FakeCommand) => void;
  readonly #untaken: FakeCommand[] = [];
  readonly #waiting: ((command: FakeCommand) => void)[] = [];

  constructor(script: (command: FakeCommand) => void = () => undefined) {
    this.#script = script;
  }

  /** The next command that nobody has taken yet, as soon as it is started. */
  started(): Promise<FakeCommand> {
    const command = this.#untaken.shift();
    return command === undefined
      ? new Promise((resolve) => this.#waiting.push(resolve))
      : Promise.resolve(command);
  }

  run(request: SandboxRequest): Promise<SandboxResult> {
    const started = performance.now();
    if (request.signal?.aborted === true) {
      return Promise.resolve({
        end: { kind: 'cancelled' },
        wallMs: 0,
        cpuMs: 0,
        peakMemoryBytes: 0,
        peakUpperBytes: 0,
      });
    }
    const ending = Promise.withResolvers<{ readonly end: CommandEnd; readonly usage: Partial<FakeUsage> }>();
    const watch = new LimitWatch(
      request.limits,
      {
        sample: (memoryBytes) => ({ memoryBytes, isMemoryEnforced: true, processes: null, oomKills: 0 }),
        upper: request.upper,
        onSample: request.onSample,
      },
      () => ending.resolve({ end: { kind: 'signalled', signal: 'SIGKILL' }, usage: {} }),
    );
    const cancel = (): void => watch.exceed('cancelled');
    request.signal?.addEventListener('abort', cancel, { once: true });
    const ended = ending.promise.then(async ({ end, usage }): Promise<SandboxResult> => {
      request.signal?.removeEventListener('abort', cancel);
      await watch.end();
      return {
        end: endOf(end, watch, request),
        wallMs: performance.now() - started,
        cpuMs: usage.cpuMs ?? 0,
        peakMemoryBytes: usage.peakMemoryBytes ?? watch.peakMemoryBytes,
        peakUpperBytes: watch.upper?.peakBytes ?? 0,
      };
    });
    this.#announce({
      request,
      ended,
      write(text, stream = 'stdout') {
        const admitted = watch.admit(Buffer.from(text));
        if (admitted.length > 0 && request.output.kind === 'stream')
          request.output.onOutput(admitted, stream);
      },
      finish(end = 0, usage = {}) {
        ending.resolve({ end: typeof end === 'number' ? { kind: 'exited', exitCode: end } : end, usage });
      },
    });
    return ended;
  }

  #announce(command: FakeCommand): void {
    this.commands.push(command);
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#untaken.push(command);
    else waiting(command);
    this.#script(command);
  }
}

function endOf(end: CommandEnd, watch: LimitWatch, { limits }: SandboxRequest): CommandEnd {
  if (end.kind !== 'exited' && end.kind !== 'signalled') return end;
  return decideEnd({
    exit: end,
    stoppedBy: watch.stoppedBy,
    oomKills: 0,
    refusedForks: 0,
    limits,
    upper: watch.upper,
  });
}
