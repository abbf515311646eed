// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { publishedSourceBytes, publishedWallMs, shareAt, valueAt } from './published-figures.ts';
import { noHistory, type PastUse, type TaskHistory } from './task-history.ts';
import { type SourceFeatures, UsePredictor } from './use-predictor.ts';

const use = (wallMs: number, memoryBytes = 100): PastUse => ({
  memoryBytes,
  upperBytes: 10,
  cpuMs: wallMs,
  wallMs,
});

function historyOf(uses: Readonly<Record<string, readonly PastUse[]>>): TaskHistory {
  return {
    usesOf: (source) => uses[source] ?? [],
    sources: () =>
      Object.entries(uses).flatMap(([source, past]) => past.slice(0, 1).map((one) => ({ source, use: one }))),
  };
}

const source = (name: string, bytes = 50_000): SourceFeatures => ({ name, bytes, relations: 3 });

test('what the same source took last is what it will take, with room for the most that it ever took', () => {
  const predictor = new UsePredictor(historyOf({ tree: [use(5000, 100), use(9000, 300)] }), () => undefined);
  expect(predictor.predict(source('tree'))).toMatchObject({
    basis: 'history',
    wallMs: 5000,
    memoryBytes: 330,
  });
});

test('an unknown one takes what its like took', () => {
  const names = ['a', 'b', 'c', 'd', 'e'];
  const perl = Object.fromEntries(names.map((name, index) => [`lib${name}-perl`, [use(1000 + index)]]));
  const others = Object.fromEntries(names.map((name) => [`${name}-tool`, [use(90_000)]]));
  const predictor = new UsePredictor(historyOf({ ...perl, ...others }), (name) => source(name, 40_000));
  expect(predictor.predict(source('libz-perl'))).toMatchObject({ basis: 'similar', wallMs: 1002 });
  expect(predictor.predict(source('z-tool'))).toMatchObject({ basis: 'similar', wallMs: 90_000 });
  expect(predictor.predict(source('nothing')), 'as many build dependencies').toMatchObject({
    basis: 'similar',
  });
  expect(predictor.predict(source('z-tool', 2 ** 40))).toMatchObject({ basis: 'default' });
});

test('where nothing is known the larger source is expected to take longer and more', () => {
  const predictor = new UsePredictor(noHistory, () => undefined);
  fc.assert(
    fc.property(fc.nat(2 ** 31), fc.nat(2 ** 31), (one, other) => {
      const [small, large] = [Math.min(one, other), Math.max(one, other)].map((bytes) =>
        predictor.predict(source('x', bytes)),
      );
      expect(small?.basis).toBe('default');
      for (const key of ['wallMs', 'memoryBytes', 'upperBytes'] as const) {
        expect(small?.[key]).toBeLessThanOrEqual(large?.[key] ?? 0);
      }
    }),
  );
  expect(predictor.predict({ name: 'x', bytes: undefined, relations: undefined })).toMatchObject({
    wallMs: 34_000,
  });
});

test('a share and its value lead to each other', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      for (const distribution of [publishedWallMs, publishedSourceBytes]) {
        expect(shareAt(distribution, valueAt(distribution, share))).toBeCloseTo(share, 6);
      }
    }),
  );
});
