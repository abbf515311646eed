// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { pauseReason } from './pressure-gate.ts';

const calm = { cpu: 1, memory: 0, io: 0 };

test('pressure on memory or disks closes the gate, on processors never', () => {
  const reason = (pressure: Partial<typeof calm>, isPaused = false): string | undefined =>
    pauseReason({ availableBytes: 1000, pressure: { ...calm, ...pressure } }, 100, isPaused);
  expect(reason({})).toBeUndefined();
  expect(reason({ memory: 0.2 })).toMatch('memory');
  expect(reason({ io: 0.95 })).toMatch('disks');
  expect(reason({ memory: 0.07 })).toBeUndefined();
  expect(reason({ memory: 0.07 }, true), 'it opens later than it closes').toMatch('memory');
});

test('too little memory left closes it, on a kernel without pressure too', () => {
  expect(pauseReason({ availableBytes: 99 }, 100, false)).toMatch('short');
  expect(pauseReason({ availableBytes: 120 }, 100, false)).toBeUndefined();
  expect(pauseReason({ availableBytes: 120 }, 100, true)).toMatch('short');
});
