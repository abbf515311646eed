// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultCostModel } from './cost-model.ts';
import { collectSets } from './package-sets.ts';
import { SupersetFinder } from './superset-finder.ts';

const count = 12;
const one = fc.nat(count - 1);
const archive = fc.record({
  needs: fc.array(fc.uniqueArray(one, { maxLength: 2 }), { minLength: count, maxLength: count }),
  sets: fc.uniqueArray(
    fc.uniqueArray(one, { minLength: 1 }).map((set) => set.sort((a, b) => a - b)),
    { selector: (set) => set.join(' '), minLength: 1, maxLength: 60 },
  ),
  wanted: fc.uniqueArray(one, { minLength: 1, maxLength: 4 }),
});

test('all sets that have the members, and none of what these need and lack', () => {
  fc.assert(
    fc.property(archive, ({ needs, sets, wanted }) => {
      checkFinder(needs, sets, wanted);
    }),
    { numRuns: 1000 },
  );
});

test('the same where there are very many sets', () => {
  // of the sets with 0 and 1 and all combinations of 2 to 11, those without 5, which 1 needs
  const sets = Array.from({ length: 1024 }, (_, bits) => [
    0,
    1,
    ...Array.from({ length: 10 }, (_, bit) => bit + 2).filter((bit) => (bits >> (bit - 2)) & 1),
  ]);
  const needs = Array.from({ length: count }, (_, from) => (from === 1 ? [5] : []));
  for (const wanted of [[0, 1], [1], [0, 3], [1, 2, 5]]) checkFinder(needs, sets, wanted);
});

function checkFinder(
  needs: readonly (readonly number[])[],
  sets: readonly (readonly number[])[],
  wanted: readonly number[],
): void {
  const packages = needs.map((dependencies) => ({ installedBytes: 0, costMs: 1, dependencies }));
  const all = collectSets(
    packages,
    sets.map((set) => ({ packages: set })),
    defaultCostModel,
  );
  const lacking = wanted.flatMap((id) => needs[id] ?? []).filter((id) => !wanted.includes(id));
  const expected = sets.flatMap((set, index) =>
    wanted.every((id) => set.includes(id)) && !lacking.some((id) => set.includes(id)) ? [index] : [],
  );
  const members = Uint32Array.from(wanted, (id) => all.rankOf[id] ?? 0).sort();
  expect([...new SupersetFinder(all).find(members)]).toEqual(expected);
}
