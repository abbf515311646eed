// SPDX-License-Identifier: GPL-2.0-or-later
import type { Buildroot } from '../buildroot/buildroot.ts';
import { type CommandResult, captureLimitBytes, type Root, type RootCommand } from '../distro/root.ts';
import type { Priority } from '../host/priority.ts';
import type { Limits, Sandbox } from '../sandbox/sandbox.ts';
import { type AttemptLog, OutputTail } from './attempt-log.ts';
import type { UsageMeter } from './usage-meter.ts';

export interface TaskRootOptions {
  readonly buildroot: Buildroot;
  readonly sandbox: Sandbox;
  readonly log: Pick<AttemptLog, 'line' | 'output'>;
  /** Memory, processes and wall clock hold for every command; idle and output limits for what a package runs. */
  readonly limits: Limits;
  /** When the whole attempt has to be over, on `now`'s clock; undefined: never. */
  readonly deadline?: number;
  readonly now: () => number;
  readonly usage: UsageMeter;
  readonly priority?: Priority;
  readonly signal: AbortSignal;
}

/** Joins a buildroot and a sandbox to the {@link Root} that the packaging systems work in. */
export function makeTaskRoot(options: TaskRootOptions): Root {
  const { buildroot } = options;
  return {
    directory: buildroot.directory,
    addedPaths: () => buildroot.addedPaths(),
    run: (command) => runInRoot(options, command),
  };
}

async function runInRoot(options: TaskRootOptions, command: RootCommand): Promise<CommandResult> {
  const { buildroot, log, usage } = options;
  const tail = new OutputTail();
  const captured: Uint8Array[] = [];
  let capturedBytes = 0;
  const logFailed = new AbortController();
  log.line(`$ ${command.command.join(' ')}`);
  const result = await options.sandbox.run({
    root: buildroot.directory,
    command: command.command,
    identity: command.identity,
    environment: command.environment ?? {},
    workingDirectory: command.workingDirectory ?? '/',
    binds: command.binds ?? [],
    limits: limitsFor(options, command),
    upper: buildroot,
    onSample: (use) => usage.observe(use),
    signal: AbortSignal.any([options.signal, logFailed.signal]),
    ...(options.priority === undefined ? {} : { priority: options.priority }),
    ...(command.skipsSleep === true ? { skipsSleep: true } : {}),
    ...(command.input === undefined ? {} : { input: command.input }),
    output: {
      kind: 'stream',
      // who reads the log wants to know which step said what
      inOrder: command.output === 'log',
      onOutput: (chunk, stream) => {
        if (command.output === 'capture' && stream === 'stdout') {
          capturedBytes += chunk.length;
          if (capturedBytes <= captureLimitBytes) captured.push(chunk);
          return;
        }
        tail.add(chunk);
        if (logFailed.signal.aborted) return;
        try {
          log.output(chunk);
        } catch (error) {
          logFailed.abort(error); // a full disk; thrown here, nobody would catch it
        }
      },
    },
  });
  usage.add(result, command.identity);
  if (logFailed.signal.aborted) throw logFailed.signal.reason;
  return {
    end: result.end,
    output: Buffer.concat(captured).toString('utf8'),
    tail: tail.toString(),
    wallMs: result.wallMs,
    cpuMs: result.cpuMs,
  };
}

function limitsFor(options: TaskRootOptions, command: RootCommand): Limits {
  const { idleTimeoutMs, outputBytes, timeoutMs, ...always } = options.limits;
  const left = options.deadline === undefined ? timeoutMs : Math.max(1, options.deadline - options.now());
  return {
    ...always,
    ...(left === undefined ? {} : { timeoutMs: left }),
    ...(command.limited === true && idleTimeoutMs !== undefined ? { idleTimeoutMs } : {}),
    ...(command.limited === true && outputBytes !== undefined ? { outputBytes } : {}),
  };
}
