// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addToSeries, emptySeries } from './resource-series.ts';

test('stays bounded, keeps the highest memory and the first time', () => {
  const samples = fc.array(fc.nat(1_000_000), { minLength: 1, maxLength: 9000 });
  fc.assert(
    fc.property(samples, (memory) => {
      const series = emptySeries();
      for (const [index, memoryBytes] of memory.entries()) {
        addToSeries(series, {
          type: 'resources-sampled',
          seq: index + 1,
          at: 1000 + index,
          memoryBytes,
          upperBytes: 0,
          availableBytes: 7,
          busyCores: 1.5,
        });
      }
      expect(series.at.length).toBeLessThanOrEqual(1200);
      expect(Math.max(...series.memoryBytes)).toBe(Math.max(...memory));
      expect(series.at[0]).toBe(1000);
      expect(series.at).toEqual(series.at.toSorted((a, b) => a - b));
      expect(new Set(series.busyCores)).toEqual(new Set([1.5]));
      expect(new Set(series.cpuPressure)).toEqual(new Set([null]));
      const lengths = [series.memoryBytes, series.availableBytes, series.ioPressure].map(
        (values) => values.length,
      );
      expect(new Set(lengths)).toEqual(new Set([series.at.length]));
    }),
    { numRuns: 20 },
  );
});

test('a pause lasts until admission goes on, the reason changes or the campaign ends', () => {
  const series = emptySeries();
  const at = (seq: number): { seq: number; at: number } => ({ seq, at: seq * 10 });
  addToSeries(series, { type: 'admission-paused', because: 'memory', ...at(1) });
  addToSeries(series, { type: 'admission-paused', because: 'pressure', ...at(2) });
  addToSeries(series, { type: 'admission-resumed', ...at(3) });
  addToSeries(series, { type: 'admission-paused', because: 'memory', ...at(4) });
  addToSeries(series, { type: 'campaign-ended', cancelled: false, ...at(5) });
  expect(series.pauses).toEqual([
    { from: 10, to: 20, because: 'memory' },
    { from: 20, to: 30, because: 'pressure' },
    { from: 40, to: 50, because: 'memory' },
  ]);
});
