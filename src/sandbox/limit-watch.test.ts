// SPDX-License-Identifier: GPL-2.0-or-later
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { StopReason } from './command-end.ts';
import { LimitWatch, type Watched } from './limit-watch.ts';
import type { Limits, UpperGauge } from './sandbox.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

interface Bench {
  readonly watch: LimitWatch;
  readonly stops: StopReason[];
  readonly sample: {
    memoryBytes: number;
    isMemoryEnforced: boolean;
    processes: number | null;
    oomKills: number;
  };
  samples: number;
}

function watchOf(limits: Limits, upper?: UpperGauge, sampleOf?: Watched['sample']): Bench {
  const stops: StopReason[] = [];
  const sample = { memoryBytes: 0, isMemoryEnforced: false, processes: null, oomKills: 0 };
  const bench: Bench = {
    stops,
    sample,
    samples: 0,
    watch: new LimitWatch(
      limits,
      {
        sample(upperBytes) {
          bench.samples++;
          return sampleOf?.(upperBytes) ?? { ...sample };
        },
        upper,
      },
      (reason) => stops.push(reason),
    ),
  };
  return bench;
}

test('wall clock: exactly at its limit, and once', async () => {
  const { stops } = watchOf({ timeoutMs: 1000 });
  await vi.advanceTimersByTimeAsync(999);
  expect(stops).toEqual([]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(stops).toEqual(['timed-out']);
});

test('a limit longer than a timer can hold does not fire at once', async () => {
  const days = 40 * 86_400_000;
  const { stops, watch } = watchOf({ timeoutMs: days });
  await vi.advanceTimersByTimeAsync(1000);
  expect(stops).toEqual([]);
  await watch.end();
});

test('idleness is measured from the last output', async () => {
  const { stops, watch } = watchOf({ idleTimeoutMs: 1000 });
  for (let count = 0; count < 5; count++) {
    await vi.advanceTimersByTimeAsync(900);
    watch.admit(Buffer.from('x'));
  }
  expect(stops).toEqual([]);
  await vi.advanceTimersByTimeAsync(999);
  expect(stops).toEqual([]);
  await vi.advanceTimersByTimeAsync(2);
  expect(stops).toEqual(['idle-timed-out']);
});

test('output: what is within the limit is let through, and nothing after', () => {
  const { stops, watch } = watchOf({ outputBytes: 5 });
  expect(String(watch.admit(Buffer.from('abc')))).toBe('abc');
  expect(String(watch.admit(Buffer.from('de')))).toBe('de');
  expect(stops).toEqual([]);
  expect(String(watch.admit(Buffer.from('fgh')))).toBe('');
  expect(String(watch.admit(Buffer.from('i')))).toBe('');
  expect(stops).toEqual(['output-limit']);
});

test('sampled memory stops only where the kernel does not enforce it', async () => {
  const enforced = watchOf({ memoryBytes: 100 });
  Object.assign(enforced.sample, { memoryBytes: 101, isMemoryEnforced: true });
  const sampled = watchOf({ memoryBytes: 100 });
  Object.assign(sampled.sample, { memoryBytes: 101 });
  await vi.advanceTimersByTimeAsync(60);
  expect(enforced.stops).toEqual([]);
  expect(enforced.watch.peakMemoryBytes).toBe(101);
  expect(sampled.stops).toEqual(['out-of-memory']);
});

test('a kill for memory that a sample sees stops what is left', async () => {
  const { stops, sample } = watchOf({});
  await vi.advanceTimersByTimeAsync(60);
  sample.oomKills = 1;
  await vi.advanceTimersByTimeAsync(260);
  expect(stops).toEqual(['out-of-memory']);
});

test('counted processes', async () => {
  const { stops, sample } = watchOf({ processes: 10 });
  Object.assign(sample, { processes: 10 });
  await vi.advanceTimersByTimeAsync(60);
  expect(stops).toEqual([]);
  Object.assign(sample, { processes: 11 });
  await vi.advanceTimersByTimeAsync(260);
  expect(stops).toEqual(['process-limit']);
});

test('samples never overlap, and a dear one is taken seldom', async () => {
  let running = 0;
  let most = 0;
  let count = 0;
  const bench = watchOf(
    {},
    {
      limitBytes: null,
      async measure() {
        most = Math.max(most, ++running);
        count++;
        await new Promise((resolve) => setTimeout(resolve, 500));
        running--;
        return { usedBytes: 0, freeBytes: 1 };
      },
    },
  );
  await vi.advanceTimersByTimeAsync(60_000);
  expect(most).toBe(1);
  expect(count).toBeLessThanOrEqual(8); // each 500 ms of measuring is followed by 10 s of rest
  const ended = bench.watch.end();
  await vi.advanceTimersByTimeAsync(2000);
  await ended;
});

test('what a tmpfs upper has grown by is handed to the sample; what was there before is not', async () => {
  let usedBytes = 1000;
  const seen: number[] = [];
  const upper = { limitBytes: 5000, measure: async () => ({ usedBytes, freeBytes: 1e6 }) };
  const { watch } = watchOf({}, upper, (upperBytes) => {
    seen.push(upperBytes);
    return { memoryBytes: upperBytes, isMemoryEnforced: true, processes: null, oomKills: 0 };
  });
  await vi.advanceTimersByTimeAsync(10);
  usedBytes = 1700;
  await vi.advanceTimersByTimeAsync(100);
  usedBytes = 900;
  await watch.end();
  expect(seen).toEqual([700, 0]);
  expect(watch.upper?.peakBytes).toBe(1700);
});

test('an upper on disk stops over its limit; a tmpfs needs not', async () => {
  const gauge = { limitBytes: 10, measure: async () => ({ usedBytes: 11, freeBytes: 1e6 }) };
  const disk = watchOf({}, { ...gauge, place: 'disk' });
  const tmpfs = watchOf({}, { ...gauge, place: 'tmpfs' });
  await vi.advanceTimersByTimeAsync(60);
  expect(disk.stops).toEqual(['disk-full']);
  expect(tmpfs.stops).toEqual([]);
});

test('the words of a full disk are found across chunks', async () => {
  const upper = { limitBytes: 10, measure: async () => ({ usedBytes: 10, freeBytes: 1e6 }) };
  const { watch } = watchOf({}, upper);
  for (const part of ['cc: x: No sp', 'ace left o', 'n device\n', 'more\n']) watch.admit(Buffer.from(part));
  expect(watch.upper?.isFullSaid).toBe(true);
  const other = watchOf({}, upper);
  for (const part of ['No space left', ' in the room']) other.watch.admit(Buffer.from(part));
  expect(other.watch.upper?.isFullSaid).toBe(false);
});

test('after the end nothing stops, and no timer is left', async () => {
  const { stops, watch } = watchOf({ timeoutMs: 1000, idleTimeoutMs: 1000, outputBytes: 1 });
  await watch.end();
  watch.admit(Buffer.from('much'));
  watch.exceed('cancelled');
  await vi.advanceTimersByTimeAsync(5000);
  expect(stops).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('an upper that can’t be measured is a bug that ends the run', async () => {
  const upper: UpperGauge = { limitBytes: null, measure: () => Promise.reject(new Error('gone')) };
  const { stops, watch } = watchOf({}, upper);
  await vi.advanceTimersByTimeAsync(60);
  expect(stops).toEqual(['cancelled']);
  await expect(watch.end()).rejects.toThrow('gone');
});
