// SPDX-License-Identifier: GPL-2.0-or-later
import { setTimeout as delay } from 'node:timers/promises';
import { InvariantError, unreachable } from '../base/invariant.ts';
import { isPasekaError, PasekaError } from '../base/paseka-error.ts';
import { builderId, type CommandEnd } from '../distro/root.ts';
import { closeAllOnExec } from '../host/libc.ts';
import { pathKind } from '../host/path-kind.ts';
import { type ProcessResult, signalOfExitCode, startProcess } from '../host/process.ts';
import type { ExtraFd } from '../host/process-stdio.ts';
import {
  childrenOf,
  identifyProcess,
  isRunning,
  killProcess,
  type ProcessIdentity,
} from '../host/process-table.ts';
import type { ResourceGroup, ResourceGroups } from '../host/resource-group.ts';
import {
  bubblewrapCommand,
  findHostPaths,
  type HostPaths,
  type LaunchDescriptors,
} from './bubblewrap-command.ts';
import { decideEnd } from './command-end.ts';
import { LimitWatch } from './limit-watch.ts';
import type { Sandbox, SandboxRequest, SandboxResult } from './sandbox.ts';
import { explainSetupFailure } from './setup-failure.ts';
import { sleepFilter } from './sleep-filter.ts';
import { terminalFilter } from './terminal-filter.ts';

/**
 * A sandbox of bubblewrap. `groups` (the caller's) bound and count what runs in it. This process must be root, of the machine or of a
 * user namespace with a whole range of ids, and in a mount namespace of its own. Throws PasekaError sandbox-failed on
 * kernels before 5.11.
 */
export function openBubblewrap(groups: ResourceGroups): Sandbox {
  if (!closeAllOnExec()) {
    throw new PasekaError(
      'sandbox-failed',
      'this kernel is too old for a sandbox',
      'use Linux 5.11 or later',
    );
  }
  const host = findHostPaths(pathKind);
  return {
    async run(request) {
      const started = performance.now();
      const finish = (end: CommandEnd): SandboxResult => ({
        end,
        wallMs: performance.now() - started,
        cpuMs: 0,
        peakMemoryBytes: 0,
        peakUpperBytes: 0,
      });
      if (request.signal?.aborted === true) return finish({ kind: 'cancelled' });
      let group: ResourceGroup;
      try {
        group = groups.create(request.limits);
      } catch (error) {
        if (!isPasekaError(error, 'sandbox-failed')) throw error;
        return finish({ kind: 'not-started', message: error.message });
      }
      await using run = new BubblewrapRun(request, host, groups, group);
      return { ...(await run.result()), wallMs: performance.now() - started };
    },
  };
}

/**
 * One command. In the order of its life: `starting` bubblewrap makes namespaces and mounts, and its words on standard
 * error are kept aside; `ready` the entry has said so and was answered, the output is the command's; `ending` bubblewrap
 * has exited: what is left in the PID namespace is killed, and waited for.
 *
 * Bubblewrap is never killed itself, only the first process of the namespace, after which bubblewrap ends: killed while
 * it sets up, it would leave that process behind.
 */
class BubblewrapRun implements AsyncDisposable {
  readonly #request: SandboxRequest;
  readonly #group: ResourceGroup;
  readonly #watch: LimitWatch;
  readonly #process: ReturnType<typeof startProcess>;
  readonly #undo: (() => void)[] = [];
  #leader: ProcessIdentity | undefined;
  #isReady = false;
  #hasExited = false;
  #setupWords = '';

  constructor(request: SandboxRequest, host: HostPaths, groups: ResourceGroups, group: ResourceGroup) {
    this.#request = request;
    this.#group = group;
    const isMemoryEnforced = groups.support.memory === 'exact';
    this.#watch = new LimitWatch(
      request.limits,
      {
        sample: (upperBytes) => ({ ...group.sample(upperBytes), oomKills: group.oomKills, isMemoryEnforced }),
        upper: request.upper,
        onSample: request.onSample,
      },
      () => this.#kill(),
    );
    const cancel = (): void => this.#watch.exceed('cancelled');
    request.signal?.addEventListener('abort', cancel, { once: true });
    this.#undo.push(() => request.signal?.removeEventListener('abort', cancel));
    const { extraFds, descriptors } = this.#descriptors();
    const isTerminal = request.output.kind === 'terminal';
    const inOrder = request.output.kind === 'stream' && request.output.inOrder === true;
    this.#process = startProcess({
      command: bubblewrapCommand(request, host, descriptors),
      environment: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      onTerminal: isTerminal,
      inOrder,
      ...(request.input === undefined ? {} : { input: request.input }),
      ...(request.identity === 'builder' ? { pipeOwner: builderId } : {}),
      captureBytes: 0,
      extraFds,
      onOutput: (chunk, stream) => this.#onOutput(chunk, stream),
      onExit: () => {
        this.#hasExited = true;
        this.#killLeader();
      },
    });
  }

  async result(): Promise<Omit<SandboxResult, 'wallMs'>> {
    const process = await this.#process.ended;
    this.#hasExited = true;
    await this.#allDead();
    await this.#watch.end();
    const totals = this.#group.totals();
    const end = this.#endOf(process, totals.oomKills, totals.refusedForks);
    const reachedBytes = end.kind === 'out-of-memory' ? (end.limitBytes ?? 0) : 0;
    return {
      end,
      cpuMs: totals.cpuMs,
      peakMemoryBytes: Math.max(this.#watch.peakMemoryBytes, reachedBytes),
      peakUpperBytes: this.#watch.upper?.peakBytes ?? 0,
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const undo of this.#undo) undo();
    await this.#group[Symbol.asyncDispose]();
  }

  #descriptors(): { readonly extraFds: readonly ExtraFd[]; readonly descriptors: LaunchDescriptors } {
    const { entryFiles } = this.#group;
    const extraFds: ExtraFd[] = [
      { kind: 'channel', onText: (text, reply) => this.#onChannel(text, reply) },
      ...entryFiles.map((path) => ({ kind: 'file', path }) as const),
    ];
    const descriptors = { channel: 3, entries: entryFiles.map((_, index) => 4 + index) };
    const filter = this.#filter();
    if (filter === undefined) return { extraFds, descriptors };
    extraFds.push({ kind: 'data', bytes: filter });
    return { extraFds, descriptors: { ...descriptors, seccomp: 2 + extraFds.length } };
  }

  #filter(): Uint8Array | undefined {
    if (this.#request.output.kind === 'terminal') return terminalFilter();
    return this.#request.skipsSleep === true ? sleepFilter() : undefined;
  }

  #onChannel(text: string, reply: (text: string) => void): void {
    if (!text.includes('ready') || this.#isReady) return;
    this.#findLeader();
    if (this.#leader === undefined || this.#watch.stoppedBy !== undefined) return this.#kill();
    this.#isReady = true;
    this.#group.attach(this.#leader.pid);
    this.#watch.beginSilence();
    reply('go\n');
  }

  #onOutput(chunk: Uint8Array, stream: 'stdout' | 'stderr'): void {
    if (!this.#isReady) {
      if (this.#setupWords.length < mostSetupWords) this.#setupWords += Buffer.from(chunk).toString('utf8');
      return;
    }
    const admitted = this.#watch.admit(chunk);
    if (admitted.length > 0 && this.#request.output.kind === 'stream')
      this.#request.output.onOutput(admitted, stream);
  }

  #findLeader(): void {
    const pid = this.#process.pid;
    if (this.#leader !== undefined || pid === undefined) return;
    const [child] = childrenOf(pid);
    if (child !== undefined) this.#leader = identifyProcess(child);
  }

  #killLeader(): void {
    if (this.#leader !== undefined) killProcess(this.#leader);
    this.#group.killAll();
  }

  /** Kills everything, now or as soon as there is a namespace to kill. */
  #kill(attempt = 0): void {
    if (this.#hasExited) return;
    this.#findLeader();
    if (this.#leader !== undefined) return this.#killLeader();
    if (attempt >= leaderAttempts) return this.#process.kill();
    const timer = setTimeout(() => this.#kill(attempt + 1), leaderEveryMs);
    this.#undo.push(() => clearTimeout(timer));
  }

  /** The first process of a PID namespace is gone only after all the others are (pid_namespaces(7)). */
  async #allDead(): Promise<void> {
    for (
      let waitMs = 1;
      this.#leader !== undefined && isRunning(this.#leader);
      waitMs = Math.min(waitMs * 2, 100)
    ) {
      killProcess(this.#leader);
      await delay(waitMs);
    }
  }

  #endOf(process: ProcessResult, oomKills: number, refusedForks: number): CommandEnd {
    const { limits } = this.#request;
    const { stoppedBy, upper } = this.#watch;
    const exit = exitOf(process);
    if (exit.kind === 'not-started') return exit;
    if (!this.#isReady && stoppedBy === undefined && oomKills === 0) {
      return { kind: 'not-started', message: explainSetupFailure(this.#setupWords) };
    }
    return decideEnd({ exit, stoppedBy, oomKills, refusedForks, limits, upper });
  }
}

/** Bubblewrap ends as a shell does: with 128 + number where the command was ended by a signal. */
function exitOf({
  end,
}: ProcessResult): Extract<CommandEnd, { kind: 'exited' | 'signalled' | 'not-started' }> {
  switch (end.kind) {
    case 'exited': {
      const signal = signalOfExitCode(end.exitCode);
      return signal === undefined ? end : { kind: 'signalled', signal };
    }
    case 'signalled':
      return end;
    case 'not-started':
      return {
        kind: 'not-started',
        message:
          end.errno === 'ENOENT' ? 'bwrap is not installed (apt install bubblewrap)' : `bwrap: ${end.errno}`,
      };
    case 'timed-out':
    case 'cancelled':
      throw new InvariantError('the launcher was not asked to stop anything');
    default:
      return unreachable(end);
  }
}

const mostSetupWords = 4096;
const leaderEveryMs = 2;
const leaderAttempts = 1000;
