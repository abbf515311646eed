// SPDX-License-Identifier: GPL-2.0-or-later
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { steadyClock } from './steady-clock.ts';

const hour = 3_600_000;
const noon = Date.UTC(2026, 2, 1, 12);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance'], now: noon });
});

afterEach(() => {
  vi.useRealTimers();
});

test('it goes on by the time that passes, wherever the host’s clock is set to', () => {
  const now = steadyClock();
  expect(now()).toBe(noon);
  vi.advanceTimersByTime(1000);
  expect(now()).toBe(noon + 1000);
  vi.setSystemTime(noon - 400 * 24 * hour);
  expect(now()).toBe(noon + 1000);
  vi.advanceTimersByTime(500);
  expect(now()).toBe(noon + 1500);
  vi.setSystemTime(noon + 400 * 24 * hour);
  expect(now()).toBe(noon + 1500);
});

test('what goes on does so from the time that was shown last', () => {
  vi.setSystemTime(noon - hour);
  const now = steadyClock(noon);
  expect(now()).toBe(noon);
  vi.advanceTimersByTime(10);
  expect(now()).toBe(noon + 10);
  expect(steadyClock(noon - 2 * hour)()).toBe(noon - hour + 10);
});
