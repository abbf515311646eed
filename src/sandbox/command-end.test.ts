// SPDX-License-Identifier: GPL-2.0-or-later
import { describe, expect, test } from 'vitest';
import { decideEnd, type EndFacts, type StopReason } from './command-end.ts';

const quiet: EndFacts = {
  exit: { kind: 'exited', exitCode: 0 },
  stoppedBy: undefined,
  oomKills: 0,
  refusedForks: 0,
  limits: { timeoutMs: 1, idleTimeoutMs: 2, outputBytes: 3, memoryBytes: 4, processes: 5 },
  upper: undefined,
};
const failed = { kind: 'exited', exitCode: 2 } as const;
const killed = { kind: 'signalled', signal: 'SIGKILL' } as const;
const roomy = { limitBytes: 1e9, peakBytes: 5e8, lowestFreeBytes: 5e8, isFullSaid: false };

describe('what killed a command stands above how it ended', () => {
  const ends: Record<StopReason, unknown> = {
    'timed-out': { kind: 'timed-out', limitMs: 1 },
    'idle-timed-out': { kind: 'idle-timed-out', limitMs: 2 },
    'output-limit': { kind: 'output-limit', limitBytes: 3 },
    'out-of-memory': { kind: 'out-of-memory', limitBytes: 4 },
    'process-limit': { kind: 'process-limit', limit: 5 },
    'disk-full': { kind: 'disk-full', limitBytes: 1e9 },
    cancelled: { kind: 'cancelled' },
  };
  test.each(Object.entries(ends) as [StopReason, unknown][])('%s', (stoppedBy, end) => {
    expect(decideEnd({ ...quiet, exit: killed, stoppedBy, oomKills: 1, upper: roomy })).toEqual(end);
  });
});

test('a kill for memory counts even where the command shrugs it off', () => {
  expect(decideEnd({ ...quiet, oomKills: 1 }).kind).toBe('out-of-memory');
  expect(decideEnd({ ...quiet, oomKills: 1, limits: {} })).toEqual({
    kind: 'out-of-memory',
    limitBytes: null,
  });
});

test('a full upper explains a failure only, and needs evidence', () => {
  const full = { ...roomy, lowestFreeBytes: 0 };
  expect(decideEnd({ ...quiet, upper: full }).kind).toBe('exited');
  expect(decideEnd({ ...quiet, exit: failed, upper: full }).kind).toBe('disk-full');
  expect(decideEnd({ ...quiet, exit: failed, upper: roomy })).toEqual(failed);
  const nearly = { ...roomy, peakBytes: 0.9e9 };
  expect(decideEnd({ ...quiet, exit: failed, upper: nearly })).toEqual(failed);
  expect(decideEnd({ ...quiet, exit: failed, upper: { ...nearly, isFullSaid: true } }).kind).toBe(
    'disk-full',
  );
  expect(decideEnd({ ...quiet, exit: failed, upper: { ...roomy, isFullSaid: true } })).toEqual(failed);
  const disk = { limitBytes: null, peakBytes: 1e12, lowestFreeBytes: 10, isFullSaid: false };
  expect(decideEnd({ ...quiet, exit: killed, upper: disk })).toEqual({ kind: 'disk-full', limitBytes: null });
});

test('a refused fork explains a failure only', () => {
  expect(decideEnd({ ...quiet, refusedForks: 9 }).kind).toBe('exited');
  expect(decideEnd({ ...quiet, exit: failed, refusedForks: 9 })).toEqual({ kind: 'process-limit', limit: 5 });
});
