// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CachedLayer, chooseParent, indexCachedLayers, type ParentQuestion } from './choose-parent.ts';

const question: ParentQuestion = { costMs: () => 10, parentMs: 15, maxDepth: 3 };

test('the heaviest layer that has only wanted packages', () => {
  const layers = [
    { packages: ['a', 'b'], depth: 1 },
    { packages: ['a', 'b', 'c'], depth: 2 },
    { packages: ['a', 'b', 'c', 'x'], depth: 1 },
  ];
  const index = indexCachedLayers(layers, question);
  expect(chooseParent(index, ['c', 'd', 'b', 'a'])).toEqual({ layer: 1, savedMs: 30 });
  expect(chooseParent(index, ['b', 'a', 'd', 'new'])).toEqual({ layer: 0, savedMs: 20 });
  expect(chooseParent(index, ['b', 'c', 'd'])).toBe(undefined);
});

test('none where the base is as good, or there is no room for one more', () => {
  const layers = [
    { packages: [1], depth: 1 },
    { packages: [2, 3], depth: 3 },
  ];
  const index = indexCachedLayers(layers, question);
  expect(chooseParent(index, [1, 4])).toBe(undefined);
  expect(chooseParent(index, [2, 3, 4])).toBe(undefined);
  expect(chooseParent(index, [3, 2])).toEqual({ layer: 1, savedMs: 20 });
  expect(chooseParent(index, [1])).toEqual({ layer: 0, savedMs: 10 });
});

test('the same as looking at every layer', () => {
  const one = fc.integer({ min: 0, max: 12 });
  const layer: fc.Arbitrary<CachedLayer & { packages: number[] }> = fc.record({
    packages: fc.uniqueArray(one, { minLength: 1, maxLength: 6 }),
    depth: fc.integer({ min: 1, max: 4 }),
  });
  fc.assert(
    fc.property(fc.array(layer, { maxLength: 40 }), fc.uniqueArray(one), (layers, wanted) => {
      const costs: ParentQuestion = { costMs: (id) => 1 << Number(id), parentMs: 3, maxDepth: 3 };
      const savings = layers.map(({ packages, depth }) => {
        const isWhole = packages.length === wanted.length;
        if (!packages.every((id) => wanted.includes(id)) || (depth >= 3 && !isWhole)) return -1;
        const saved = packages.reduce((sum, id) => sum + (1 << id), 0);
        return saved > 3 || isWhole ? saved : -1;
      });
      const most = Math.max(-1, ...savings);
      const expected = most < 0 ? undefined : { layer: savings.indexOf(most), savedMs: most };
      expect(chooseParent(indexCachedLayers(layers, costs), wanted)).toEqual(expected);
    }),
    { numRuns: 1000 },
  );
});
