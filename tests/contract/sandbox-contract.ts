// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type {
  Limits,
  Sandbox,
  SandboxRequest,
  SandboxResult,
  UpperGauge,
} from '../../src/sandbox/sandbox.ts';

/** What a command is to do; each implementation has its own way to make one. */
export interface Behaviour {
  /** Said first, in this order. */
  readonly says?: readonly (readonly ['stdout' | 'stderr', string])[];
  /** `hang`: silent for ever · `talk`: a word again and again, for ever. */
  readonly after: { readonly exit: number } | { readonly signal: 'SIGSEGV' } | 'hang' | 'talk';
}

export interface ContractSubject {
  readonly sandbox: Sandbox;
  /** A command that behaves so, for the fields of the request that say what runs where. */
  request(behaviour: Behaviour): Pick<SandboxRequest, 'root' | 'command' | 'binds'>;
}

interface Run {
  readonly result: Promise<SandboxResult>;
  readonly said: { stdout: string; stderr: string };
  /** Resolves at the first word. */
  readonly spoke: Promise<void>;
}

/** What every implementation of Sandbox promises, with the least that a command can do. */
export function testSandboxContract(subject: () => ContractSubject): void {
  const start = (
    behaviour: Behaviour,
    limits: Limits = {},
    more: Partial<Pick<SandboxRequest, 'signal' | 'upper'>> = {},
  ): Run => {
    const said = { stdout: '', stderr: '' };
    const spoke = Promise.withResolvers<void>();
    const result = subject().sandbox.run({
      ...subject().request(behaviour),
      identity: 'root',
      environment: {},
      workingDirectory: '/',
      limits,
      output: {
        kind: 'stream',
        onOutput(chunk, stream) {
          said[stream] += Buffer.from(chunk).toString('utf8');
          spoke.resolve();
        },
      },
      ...more,
    });
    return { result, said, spoke: spoke.promise };
  };

  test('the exit status is the command’s', async () => {
    expect((await start({ after: { exit: 0 } }).result).end).toEqual({ kind: 'exited', exitCode: 0 });
    expect((await start({ after: { exit: 3 } }).result).end).toEqual({ kind: 'exited', exitCode: 3 });
  });

  test('death by a signal is told from an exit', async () => {
    expect((await start({ after: { signal: 'SIGSEGV' } }).result).end).toEqual({
      kind: 'signalled',
      signal: 'SIGSEGV',
    });
  });

  test('all output has come when run returns, each stream by itself and whole', async () => {
    const words = Array.from({ length: 200 }, (_, index) => `${index} ${'x'.repeat(200)}\n`);
    const run = start({
      says: words.map((word, index) => [index % 2 === 0 ? 'stdout' : 'stderr', word]),
      after: { exit: 0 },
    });
    await run.result;
    expect(run.said.stdout).toBe(words.filter((_, index) => index % 2 === 0).join(''));
    expect(run.said.stderr).toBe(words.filter((_, index) => index % 2 === 1).join(''));
  });

  test('the wall-clock limit ends a command that talks', async () => {
    const { end } = await start({ after: 'talk' }, { timeoutMs: 120, idleTimeoutMs: 60_000 }).result;
    expect(end).toEqual({ kind: 'timed-out', limitMs: 120 });
  });

  test('the idle limit ends a command that has become silent', async () => {
    const run = start({ says: [['stdout', 'x']], after: 'hang' }, { idleTimeoutMs: 400, timeoutMs: 60_000 });
    expect((await run.result).end).toEqual({ kind: 'idle-timed-out', limitMs: 400 });
    expect(run.said.stdout).toBe('x');
  });

  test('the output limit counts both streams, and exactly so much is given', async () => {
    const run = start(
      {
        says: [
          ['stderr', '1234567'],
          ['stdout', '1234567'],
        ],
        after: 'talk',
      },
      { outputBytes: 10 },
    );
    expect((await run.result).end).toEqual({ kind: 'output-limit', limitBytes: 10 });
    expect(run.said.stdout.length + run.said.stderr.length).toBe(10);
  });

  test('a signal that was aborted before starts nothing', async () => {
    const run = start({ says: [['stdout', 'x']], after: { exit: 0 } }, {}, { signal: AbortSignal.abort() });
    expect((await run.result).end).toEqual({ kind: 'cancelled' });
    expect(run.said.stdout).toBe('');
  });

  test('an abort ends a running command, and leaves the others alone', async () => {
    const first = new AbortController();
    const second = new AbortController();
    let isSecondOver = false;
    const runs = [first, second].map(({ signal }) =>
      start({ says: [['stdout', 'x']], after: 'hang' }, {}, { signal }),
    );
    const [one, other] = runs as [Run, Run];
    void other.result.then(() => {
      isSecondOver = true;
    });
    await Promise.all([one.spoke, other.spoke]);
    first.abort();
    expect((await one.result).end).toEqual({ kind: 'cancelled' });
    expect(isSecondOver).toBe(false);
    second.abort();
    expect((await other.result).end).toEqual({ kind: 'cancelled' });
  });

  test('an abort right after the start is a cancellation too', async () => {
    const controller = new AbortController();
    const run = start({ after: 'hang' }, {}, { signal: controller.signal });
    controller.abort();
    expect((await run.result).end).toEqual({ kind: 'cancelled' });
  });

  test('a failure with a full upper is a full disk', async () => {
    const upper: UpperGauge = { limitBytes: 1000, measure: async () => ({ usedBytes: 1000, freeBytes: 0 }) };
    const failed = await start({ after: { exit: 1 } }, {}, { upper }).result;
    expect(failed.end).toEqual({ kind: 'disk-full', limitBytes: 1000 });
    expect(failed.peakUpperBytes).toBe(1000);
    expect((await start({ after: { exit: 0 } }, {}, { upper }).result).end.kind).toBe('exited');
  });

  test('a failure that speaks of a full disk needs an upper that was nearly full', async () => {
    const says = [['stderr', 'write: No space left on device\n']] as const;
    const gauge = (usedBytes: number): UpperGauge => ({
      limitBytes: 1e9,
      measure: async () => ({ usedBytes, freeBytes: 1e9 - usedBytes }),
    });
    const nearlyFull = await start({ says, after: { exit: 1 } }, {}, { upper: gauge(0.95e9) }).result;
    expect(nearlyFull.end).toEqual({ kind: 'disk-full', limitBytes: 1e9 });
    const halfFull = await start({ says, after: { exit: 1 } }, {}, { upper: gauge(0.5e9) }).result;
    expect(halfFull.end).toEqual({ kind: 'exited', exitCode: 1 });
  });

  test('an upper on disk is killed when it exceeds its limit', async () => {
    const upper: UpperGauge = {
      limitBytes: 1000,
      place: 'disk',
      measure: async () => ({ usedBytes: 1001, freeBytes: 1e12 }),
    };
    const { end } = await start({ after: 'hang' }, {}, { upper }).result;
    expect(end).toEqual({ kind: 'disk-full', limitBytes: 1000 });
  });

  test('times and sizes are numbers of a sensible range', async () => {
    const result = await start({ says: [['stdout', 'x']], after: { exit: 0 } }).result;
    for (const value of [result.cpuMs, result.peakMemoryBytes, result.peakUpperBytes]) {
      expect(value).toBeGreaterThanOrEqual(0);
    }
    expect(result.wallMs).toBeGreaterThan(0);
  });
}
