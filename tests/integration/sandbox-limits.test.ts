// SPDX-License-Identifier: GPL-2.0-or-later
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openResourceGroups } from '../../src/host/cgroup.ts';
import { sampledGroups } from '../../src/host/process-sampler.ts';
import type { ResourceGroups } from '../../src/host/resource-group.ts';
import { openBubblewrap } from '../../src/sandbox/bubblewrap.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { type Behaviour, testSandboxContract } from '../contract/sandbox-contract.ts';
import { alsoAsOrdinaryUser } from '../support/as-user.ts';
import { requires } from '../support/capabilities.ts';
import { processesWith } from '../support/processes-with.ts';
import { runShell, type ShellResult } from '../support/shell-run.ts';
import { makeTinyRoot, type TinyRoot } from '../support/tiny-root.ts';

let root: TinyRoot;
beforeAll(() => {
  root = makeTinyRoot();
});
afterAll(() => root[Symbol.dispose]());
alsoAsOrdinaryUser(import.meta.filename);

const mechanisms: readonly (readonly [string, () => ResourceGroups])[] = [
  ['the best mechanism of this host', () => openResourceGroups()],
  ['sampling', () => sampledGroups('for a test', null)],
];

for (const [name, openGroups] of mechanisms) {
  requires('root', 'bubblewrap')(`with ${name}`, () => {
    let groups: ResourceGroups;
    let sandbox: Sandbox;
    beforeAll(() => {
      groups = openGroups();
      sandbox = openBubblewrap(groups);
    });
    afterAll(() => groups[Symbol.dispose]());
    const run = (script: string, more: Parameters<typeof runShell>[3] = {}): Promise<ShellResult> =>
      runShell(sandbox, root, script, more);

    describe('the contract', () => {
      testSandboxContract(() => ({
        sandbox,
        request: (behaviour) => ({ root: root.directory, command: commandOf(behaviour), binds: root.binds }),
      }));
    });

    test('sleeping is passed over where that is wanted', async () => {
      const limits = { timeoutMs: 20_000 };
      expect((await run('sleep 1000; echo over', { limits, skipsSleep: true })).end).toEqual({
        kind: 'exited',
        exitCode: 0,
      });
      expect((await run('sleep 1000', { limits: { timeoutMs: 300 } })).end.kind).toBe('timed-out');
    });

    describe('limits', () => {
      test('memory: an allocation over the limit', async () => {
        const { end, peakMemoryBytes } = await run(allocate(300), {
          limits: { memoryBytes: 100 * mebibyte },
        });
        expect(end).toEqual({ kind: 'out-of-memory', limitBytes: 100 * mebibyte });
        expect(peakMemoryBytes).toBeGreaterThanOrEqual(100 * mebibyte);
      });

      test('memory: many processes together', async () => {
        const script = `for i in 1 2 3 4; do ${allocate(60)} & done; wait`;
        const { end } = await run(script, { limits: { memoryBytes: 150 * mebibyte, timeoutMs: 60_000 } });
        expect(end.kind).toBe('out-of-memory');
      });

      test('memory: files in /dev/shm are counted, and bounded', async () => {
        const script = 'head -c 60M /dev/zero > /dev/shm/file; echo written; exec sleep 600';
        const first = await untilSaid('written', (more) =>
          run(script, { ...more, limits: { memoryBytes: 100 * mebibyte } }),
        );
        expect(first.peakMemoryBytes).toBeGreaterThanOrEqual(60 * mebibyte);
        const second = await run('head -c 300M /dev/zero > /dev/shm/file', {
          limits: { memoryBytes: 100 * mebibyte },
        });
        expect(second.end.kind === 'exited' && second.end.exitCode === 0).toBe(false);
      });

      test('memory: page cache of files is not counted', async () => {
        const script =
          'head -c 100M /dev/zero > /build/cached; cat /build/cached > /dev/null; echo written; exec sleep 600';
        const { end, peakMemoryBytes } = await untilSaid('written', (more) => run(script, more));
        expect(end).toEqual({ kind: 'cancelled' });
        expect(peakMemoryBytes).toBeLessThan(50 * mebibyte);
      });

      test('processes', async () => {
        const script = 'for i in $(seq 60); do sleep 600 & done; wait';
        const { end } = await run(script, { limits: { processes: 30, timeoutMs: 60_000 } });
        expect(end).toEqual({ kind: 'process-limit', limit: 30 });
      });

      test('CPU time is counted', async () => {
        const script = 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; echo counted; exec sleep 600';
        const { cpuMs } = await untilSaid('counted', (more) => run(script, more));
        expect(cpuMs).toBeGreaterThanOrEqual(50);
      });
    });

    describe('leftovers', () => {
      test('daemons are dead when run returns', async () => {
        const mark = `60${process.pid}1`;
        const script = `setsid -f sleep ${mark} >/dev/null 2>&1 </dev/null; (setsid sleep ${mark} &); echo begun`;
        const { end, stdout } = await run(script);
        expect(end).toEqual({ kind: 'exited', exitCode: 0 });
        expect(stdout).toBe('begun\n');
        expect(processesWith(mark)).toEqual([]);
      });

      test('a daemon that holds the output open does not delay the end', async () => {
        const mark = `60${process.pid}2`;
        const { end } = await run(`setsid -f sleep ${mark}`, { limits: { timeoutMs: 30_000 } });
        expect(end).toEqual({ kind: 'exited', exitCode: 0 });
        expect(processesWith(mark)).toEqual([]);
      });

      test('a fork bomb of daemons is dead after a cancellation', async () => {
        const mark = `60${process.pid}3`;
        const script = `for i in 1 2 3 4 5 6 7 8; do setsid -f sh -c 'while :; do sleep ${mark} & sleep 0.01; done'; done; echo begun; exec sleep 600`;
        const { end } = await untilSaid('begun', (more) => run(script, more));
        expect(end).toEqual({ kind: 'cancelled' });
        expect(processesWith(mark)).toEqual([]);
      });
    });
  });
}

const mebibyte = 1024 * 1024;

function commandOf(behaviour: Behaviour): readonly [string, ...string[]] {
  const words = (behaviour.says ?? []).map(
    ([stream, text]) => `printf %s '${text}'${stream === 'stderr' ? ' >&2' : ''}`,
  );
  const { after } = behaviour;
  const end =
    after === 'hang'
      ? 'exec sleep 600'
      : after === 'talk'
        ? 'while echo word; do sleep 0.01; done'
        : 'exit' in after
          ? `exit ${after.exit}`
          : `kill -${after.signal.slice(3)} $$`;
  return ['/bin/sh', '-c', [...words, end].join('\n')];
}

/** Allocates that many mebibytes, and keeps them. */
function allocate(mebibytes: number): string {
  return `perl -e 'my $x = "x" x (${mebibytes} << 20); sleep 600'`;
}

/** Runs until the output contains `word`, lets the next samples be taken, and cancels. */
async function untilSaid(
  word: string,
  run: (more: {
    readonly signal: AbortSignal;
    readonly onText: (text: string) => void;
    readonly upper: NonNullable<Parameters<Sandbox['run']>[0]['upper']>;
  }) => Promise<ShellResult>,
): Promise<ShellResult> {
  const controller = new AbortController();
  let hasSaid = false;
  let samplesAfter = 0;
  return run({
    signal: controller.signal,
    onText(text) {
      hasSaid ||= text.includes(word);
    },
    upper: {
      limitBytes: null,
      // Each sample asks the upper first: the one before the second question after the word is complete.
      async measure() {
        if (hasSaid && ++samplesAfter === 2) controller.abort();
        return { usedBytes: 0, freeBytes: 1e12 };
      },
    },
  });
}
