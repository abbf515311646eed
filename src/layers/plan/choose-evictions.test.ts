// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseEvictions, type KeptLayer } from './choose-evictions.ts';

const nowMs = 100 * 3_600_000;

function layer(id: string, more: Partial<KeptLayer<string>> = {}): KeptLayer<string> {
  return { id, parent: null, bytes: 10, lastUsedMs: nowMs, costMs: 100, needed: false, ...more };
}

test('nothing goes within the budget', () => {
  expect(chooseEvictions([layer('a'), layer('b')], 20, nowMs)).toEqual({ evicted: [], keptBytes: 20 });
});

test('the old, the cheap and the large go first', () => {
  const old = layer('old', { lastUsedMs: 0 });
  const cheap = layer('cheap', { costMs: 1 });
  const large = layer('large', { bytes: 300 });
  for (const goes of [old, cheap, large]) {
    const layers = [layer('a'), goes, layer('b')];
    expect(chooseEvictions(layers, 20, nowMs)).toEqual({ evicted: [goes.id], keptBytes: 20 });
  }
});

test('a parent goes after what lies over it, and stays below what is needed', () => {
  const layers = [
    layer('parent', { lastUsedMs: 0 }),
    layer('child', { parent: 'parent' }),
    layer('base of all', { lastUsedMs: 0 }),
    layer('running', { parent: 'base of all', needed: true, lastUsedMs: 0 }),
  ];
  expect(chooseEvictions(layers, 0, nowMs)).toEqual({ evicted: ['child', 'parent'], keptBytes: 20 });
});

test('small ones stay where a large one that had to go makes room for them', () => {
  const layers = [layer('small', { costMs: 1 }), layer('large', { bytes: 100, costMs: 1_000 })];
  expect(chooseEvictions(layers, 50, nowMs)).toEqual({ evicted: ['large'], keptBytes: 10 });
});

const forest = fc
  .array(
    fc.record({
      parent: fc.nat(30),
      bytes: fc.nat(100),
      lastUsedMs: fc.nat(nowMs),
      costMs: fc.nat(1000),
      needed: fc.boolean(),
    }),
    { maxLength: 25 },
  )
  .map((all) =>
    all.map((one, id): KeptLayer<number> => ({ ...one, id, parent: one.parent < id ? one.parent : null })),
  );

test('what stays has its parents, what is needed stays, and nothing that could stay goes', () => {
  fc.assert(
    fc.property(forest, fc.nat(1500), (layers, budget) => {
      const { evicted, keptBytes } = chooseEvictions(layers, budget, nowMs);
      const gone = new Set(evicted);
      expect(gone.size).toBe(evicted.length);
      const kept = layers.filter(({ id }) => !gone.has(id));
      expect(keptBytes).toBe(kept.reduce((sum, { bytes }) => sum + bytes, 0));
      for (const { parent } of kept) expect(parent === null || !gone.has(parent)).toBe(true);
      expect(evicted.filter((id) => layers[id]?.needed)).toEqual([]);
      for (const [place, id] of evicted.entries()) {
        const { parent, bytes } = layers[id] as KeptLayer<number>;
        if (parent !== null && gone.has(parent)) expect(evicted.indexOf(parent)).toBeGreaterThan(place);
        else expect(keptBytes + bytes).toBeGreaterThan(budget);
      }
      if (keptBytes > budget) {
        const needed = new Set<number>();
        for (const { id, needed: isNeeded } of layers) {
          for (let at: number | null = isNeeded ? id : null; at !== null; at = layers[at]?.parent ?? null)
            needed.add(at);
        }
        expect(kept.every(({ id }) => needed.has(id))).toBe(true);
      }
    }),
    { numRuns: 1000 },
  );
});
