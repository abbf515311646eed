// SPDX-License-Identifier: GPL-2.0-or-later
import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { type ExtraFd, openStdio, type Stdio } from './process-stdio.ts';
import { childrenOf, identifyProcess, killProcess } from './process-table.ts';
import { keepForeground } from './terminal.ts';

export interface ProcessRequest {
  readonly command: readonly [string, ...string[]];
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  /** What standard input says; default nothing. */
  readonly input?: string;
  /**
   * Hands this process's own standard streams through instead, for a command on the user's terminal: the child then
   * stays in this process's group, where the terminal's Ctrl-C reaches it, and a kill is of that child alone. Whatever
   * it made of the terminal's foreground is undone when it has ended.
   */
  readonly onTerminal?: boolean;
  readonly timeoutMs?: number;
  /** How long after SIGTERM the group gets SIGKILL; default 0: at once. */
  readonly graceMs?: number;
  readonly signal?: AbortSignal;
  /** Most that is kept of each stream; what comes after is dropped from the result, not from `onOutput`. */
  readonly captureBytes?: number;
  readonly onOutput?: (chunk: Uint8Array, stream: 'stdout' | 'stderr') => void;
  /**
   * Runs it in a PID namespace of its own, so that it and all its descendants die when it ends and when this process
   * does, even by SIGKILL. Needs CAP_SYS_ADMIN, of a user namespace at least. Adds PWD to the environment.
   */
  readonly contained?: boolean;
  /** Both outputs in the order in which they are said, all of it as standard output. */
  readonly inOrder?: boolean;
  /** uid and gid that own the pipes and so may open /dev/stdout and /dev/stderr again; default this process's. */
  readonly pipeOwner?: number;
  /** Descriptors 3 and following. */
  readonly extraFds?: readonly ExtraFd[];
  /** Called when the command itself has ended, before its output has: the place to kill what it left behind. */
  readonly onExit?: () => void;
}

/** How a child ended: exit, signal, our time-out, our cancelling and failure to start are told apart. */
export type ProcessEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'not-started'; readonly errno: string };

export interface ProcessResult {
  readonly end: ProcessEnd;
  readonly stdout: string;
  readonly stderr: string;
  readonly wallMs: number;
}

/** A child that runs: for callers that must stop it for reasons of their own. */
export interface RunningProcess {
  readonly pid: number | undefined;
  readonly ended: Promise<ProcessResult>;
  /** SIGKILL to its whole group; nothing once it has ended. */
  kill(): void;
}

const defaultCaptureBytes = 16 * 1024 * 1024;

/** Starts a command and waits for its end. The one launcher of this program; never a shell. */
export function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  return startProcess(request).ended;
}

/** Whether the command exited with status 0. */
export function isSuccess(end: ProcessEnd): boolean {
  return end.kind === 'exited' && end.exitCode === 0;
}

/**
 * Starts a command in its own session and process group, with pipes for its outputs. What is left of the group when
 * the command has ended is killed. Failures to start are values; throws only for bugs.
 */
export function startProcess(request: ProcessRequest): RunningProcess {
  const started = performance.now();
  const captured = { stdout: new Capture(request.captureBytes), stderr: new Capture(request.captureBytes) };
  const resultOf = (end: ProcessEnd): ProcessResult => ({
    end,
    stdout: captured.stdout.text(),
    stderr: captured.stderr.text(),
    wallMs: performance.now() - started,
  });
  const withoutChild = (end: ProcessEnd): RunningProcess => ({
    pid: undefined,
    ended: Promise.resolve(resultOf(end)),
    kill: () => undefined,
  });
  if (request.signal?.aborted === true) return withoutChild({ kind: 'cancelled' });

  const foreground = request.onTerminal === true ? keepForeground() : undefined;
  let stdio: Stdio | undefined;
  let child: ChildProcess;
  try {
    stdio = openStdio({
      input: request.input,
      onTerminal: request.onTerminal ?? false,
      inOrder: request.inOrder ?? false,
      pipeOwner: request.pipeOwner,
      extraFds: request.extraFds ?? [],
      onOutput(chunk, stream) {
        captured[stream].add(chunk);
        request.onOutput?.(chunk, stream);
      },
    });
    child = spawnChild(request, stdio);
  } catch (error) {
    stdio?.abandon();
    const errno = (error as NodeJS.ErrnoException).code;
    if (errno === undefined || errno.startsWith('ERR_')) throw error;
    return withoutChild({ kind: 'not-started', errno }); // E2BIG, EMFILE, ENOMEM, ENOTDIR, …
  }
  if (child.pid === undefined) stdio.abandon();
  else stdio.begin(child);
  const outputs = stdio;

  let stoppedBy: 'timed-out' | 'cancelled' | undefined;
  let isGone = false;
  let wasKilled = false;
  const kill = (signal: NodeJS.Signals): void => {
    if (isGone || child.pid === undefined) return;
    if (signal === 'SIGKILL' && request.contained === true && killChildren(child.pid)) return;
    signalGroup(child.pid, request.onTerminal === true, signal);
  };
  const timers: NodeJS.Timeout[] = [];
  const stop = (reason: 'timed-out' | 'cancelled'): void => {
    if (stoppedBy !== undefined) return;
    stoppedBy = reason;
    const graceMs = request.graceMs ?? 0;
    if (graceMs === 0) return kill('SIGKILL');
    kill('SIGTERM');
    timers.push(setTimeout(() => kill('SIGKILL'), graceMs));
  };
  if (request.timeoutMs !== undefined) timers.push(setTimeout(() => stop('timed-out'), request.timeoutMs));
  const onAbort = (): void => stop('cancelled');
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const disarm = (): void => {
    for (const timer of timers) clearTimeout(timer);
    request.signal?.removeEventListener('abort', onAbort);
  };

  const ended = new Promise<ProcessResult>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return;
      disarm();
      resolve(resultOf({ kind: 'not-started', errno: error.code ?? 'UNKNOWN' }));
    });
    child.once('exit', (code, signal) => {
      disarm();
      if (request.onTerminal !== true) kill('SIGKILL'); // of the group; by itself its number may be another's already
      isGone = true;
      request.onExit?.();
      foreground?.[Symbol.dispose]();
      // unshare of util-linux 2.38 exits with 1 when its child was killed by SIGKILL.
      const isContained = request.contained === true;
      const ownEnd =
        isContained && wasKilled ? endOf(null, 'SIGKILL', true) : endOf(code, signal, isContained);
      const end = stoppedBy === undefined ? ownEnd : { kind: stoppedBy };
      void outputs.drained().then(() => resolve(resultOf(end)));
    });
  });
  return {
    pid: child.pid,
    ended,
    kill() {
      wasKilled ||= !isGone;
      kill('SIGKILL');
    },
  };
}

/** How a shell would tell the end: the exit status, or 128 + the signal's number; null where it was not its own end. */
export function shellStatus(end: ProcessEnd): number | null {
  switch (end.kind) {
    case 'exited':
      return end.exitCode;
    case 'signalled':
      return 128 + (Object.entries(constants.signals).find(([name]) => name === end.signal)?.[1] ?? 0);
    case 'timed-out':
    case 'cancelled':
    case 'not-started':
      return null;
  }
}

/** The name of the signal behind an exit status that a shell or bwrap gave (128 + number), if it is one. */
export function signalOfExitCode(exitCode: number): string | undefined {
  if (exitCode <= 128) return undefined;
  return Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0];
}

function spawnChild(request: ProcessRequest, stdio: Stdio): ChildProcess {
  const [file, ...args] = request.contained === true ? containedCommand(request.command) : request.command;
  return spawn(file, args, {
    cwd: request.workingDirectory,
    env: { ...request.environment },
    detached: request.onTerminal !== true,
    stdio: [...stdio.forSpawn],
  });
}

function endOf(code: number | null, signal: NodeJS.Signals | null, isContained: boolean): ProcessEnd {
  if (signal !== null) return { kind: 'signalled', signal };
  const exitCode = code ?? 0;
  const inner = isContained ? signalOfExitCode(exitCode) : undefined;
  return inner === undefined ? { kind: 'exited', exitCode } : { kind: 'signalled', signal: inner };
}

/**
 * The parent's death kills unshare, unshare's death kills the namespace's first process, and that one's death all of
 * them. The first shell asks whether the parent died before setpriv could arm this; the second one is the init that
 * reaps orphans, and lets the command be no PID 1, which signals without a handler don't reach.
 */
function containedCommand(command: readonly [string, ...string[]]): [string, ...string[]] {
  const ifParentLives = ['/bin/sh', '-c', '[ "$PPID" = "$0" ] && exec "$@"', String(process.pid)];
  const namespace = ['unshare', '--pid', '--fork', '--kill-child=KILL', '--mount-proc', '--'];
  const init = ['/bin/sh', '-c', '"$@"; exit $?', 'sh'];
  return ['setpriv', '--pdeathsig', 'KILL', ...ifParentLives, ...namespace, ...init, ...command];
}

/** Kills the first process of a contained command's namespace: unshare then ends when all of them are dead. */
function killChildren(pid: number): boolean {
  const children = childrenOf(pid).map(identifyProcess);
  for (const child of children) if (child !== undefined) killProcess(child);
  return children.length > 0;
}

function signalGroup(pid: number, isForeground: boolean, signal: NodeJS.Signals): void {
  try {
    process.kill(isForeground ? pid : -pid, signal);
  } catch (error) {
    // ESRCH: all have ended. EPERM: the only ones left run as another user, which only the end of a namespace reaches.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}

/** The beginning of a stream, up to a bound. */
class Capture {
  readonly #chunks: Uint8Array[] = [];
  #room: number;

  constructor(bytes = defaultCaptureBytes) {
    this.#room = bytes;
  }

  add(chunk: Uint8Array): void {
    if (this.#room <= 0) return;
    const kept = chunk.length <= this.#room ? chunk : chunk.subarray(0, this.#room);
    this.#room -= kept.length;
    this.#chunks.push(kept);
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString('utf8');
  }
}
