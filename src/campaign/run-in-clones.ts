// SPDX-License-Identifier: GPL-2.0-or-later
import pLimit from 'p-limit';
import type { BuildrootFactory, UpperPlace } from '../buildroot/buildroot.ts';
import type { RunDirectory } from '../buildroot/run-directory.ts';
import { cloneCommand } from '../host/clone-command.ts';
import { type ProcessEnd, runProcess, shellStatus } from '../host/process.ts';

/** `paseka workdir run`: a command in each of N private clones of a prepared directory. */
export interface CloneRunRequest {
  /** The prepared directory, absolute; never written to. */
  readonly from: string;
  /** Where every clone is seen, absolute: each in a mount namespace of its own. May be `from`, or exist, or not. */
  readonly at: string;
  readonly clones: number;
  /** How many run at once; default all. */
  readonly jobs?: number;
  /** Files or directories, relative to `from`, that are copied instead of shared. */
  readonly privateFiles: readonly string[];
  readonly upper: UpperPlace;
  readonly command: readonly [string, ...string[]];
  /** The command's whole environment; PASEKA_CLONE, the clone's index, is added. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  /** Whether this host allows PID namespaces here (host/proc-mount-probe.ts): what a command leaves behind dies with it. */
  readonly contained: boolean;
  /** Between SIGTERM and SIGKILL when `signal` is aborted; default 5 s. */
  readonly graceMs?: number;
  readonly signal?: AbortSignal;
  readonly onOutput: (index: number, chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
  /** Called as each clone is done, before it is removed. */
  readonly onEnd?: (result: CloneResult) => void;
}

export interface CloneResult {
  /** From 0. */
  readonly index: number;
  readonly end: ProcessEnd;
  /** As a shell tells it; null where it was cancelled or never started. */
  readonly exitCode: number | null;
  /** Bytes that the clone takes more than before the command: what it wrote and did not remove again. */
  readonly writtenBytes: number;
  /** Absolute paths, as seen by the command, of what was made or changed; directories too. */
  readonly writtenPaths: readonly string[];
  readonly wallMs: number;
}

/**
 * Runs them; the answers are in the order of the indices, whatever became of the commands. Once cancelled, what has not
 * begun does not begin. Throws PasekaError as {@link BuildrootFactory.acquire} does, after all others were stopped.
 */
export async function runInClones(
  run: RunDirectory,
  factory: BuildrootFactory,
  request: CloneRunRequest,
): Promise<readonly CloneResult[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([failed.signal, ...(request.signal === undefined ? [] : [request.signal])]);
  await using mountPoint = await run.mountPoint(request.at);
  const limit = pLimit(Math.max(1, Math.min(request.jobs ?? request.clones, request.clones)));
  const all = Array.from({ length: request.clones }, (_, index) =>
    limit(async () => {
      try {
        const result = await runClone(run, factory, { ...request, at: mountPoint.path, signal }, index);
        return result;
      } catch (error) {
        failed.abort();
        throw error;
      }
    }),
  );
  const settled = await Promise.allSettled(all);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

async function runClone(
  run: RunDirectory,
  factory: BuildrootFactory,
  request: CloneRunRequest & { readonly signal: AbortSignal },
  index: number,
): Promise<CloneResult> {
  if (request.signal.aborted) return cancelledResult(index);
  const { from, upper, privateFiles } = request;
  await using root = await factory.acquire({ lower: [from], upper, privateFiles });
  const before = await root.measure('exact');
  const { end, wallMs } = await runProcess({
    command: cloneCommand({ ...request, clone: root.directory, rootsDirectory: run.rootsDirectory }),
    environment: { ...request.environment, PASEKA_CLONE: String(index) },
    contained: request.contained,
    captureBytes: 0,
    graceMs: request.graceMs ?? 5000,
    signal: request.signal,
    onOutput: (chunk, stream) => request.onOutput(index, chunk, stream),
  });
  const [after, written] = await Promise.all([root.measure('exact'), root.writtenPaths()]);
  const result: CloneResult = {
    index,
    end,
    exitCode: shellStatus(end),
    writtenBytes: Math.max(0, after.usedBytes - before.usedBytes),
    writtenPaths: written.map((path) => `${request.at}${path}`),
    wallMs: Math.round(wallMs),
  };
  request.onEnd?.(result);
  return result;
}

function cancelledResult(index: number): CloneResult {
  return { index, end: { kind: 'cancelled' }, exitCode: null, writtenBytes: 0, writtenPaths: [], wallMs: 0 };
}
