// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SourceInput } from '../distro/source-input.ts';
import { orderSources } from './order-sources.ts';

function order(walls: readonly number[], longMs: number): number[] {
  const sources = walls.map(
    (_, index): SourceInput => ({ kind: 'directory', name: `s${index}`, version: '1', path: '/' }),
  );
  const expected = walls.map((wallMs) => ({
    memoryBytes: 0,
    upperBytes: 0,
    cpuMs: 0,
    wallMs,
    basis: 'default' as const,
  }));
  return orderSources(sources, expected, longMs).map(({ place }) => place);
}

test('long ones first, longest first, with a short one after every seventh, then the short ones as given', () => {
  expect(order([1, 9, 2, 8, 3], 5)).toEqual([1, 3, 0, 2, 4]);
  const walls = [1, 2, ...Array.from({ length: 8 }, (_, index) => 100 - index)];
  expect(order(walls, 50)).toEqual([2, 3, 4, 5, 6, 7, 8, 0, 9, 1]);
});

test('each once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(100)), fc.nat(100), (walls, longMs) => {
      expect(order(walls, longMs).sort((a, b) => a - b)).toEqual(walls.map((_, index) => index));
    }),
  );
});
