// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { defaultMakingCosts, fitMakingCosts, type MadeLayer, type MakingCosts } from './fit-costs.ts';

const { layerMs, packageMs } = defaultMakingCosts;

const host: fc.Arbitrary<MakingCosts> = fc.record({
  layerMs: fc.double({ min: layerMs / 4, max: layerMs * 4, noNaN: true }),
  packageMs: fc.double({ min: packageMs / 4, max: packageMs * 4, noNaN: true }),
});

/** Sizes from 1 to 400, no two of them alike, as the layers of a campaign are. */
const sizes = fc.uniqueArray(fc.integer({ min: 1, max: 400 }), { minLength: 40, maxLength: 120 });

function on(costs: MakingCosts, packages: number): MadeLayer {
  return { packages, madeMs: costs.layerMs + costs.packageMs * packages };
}

test('a host that is always equally fast is found exactly', () => {
  fc.assert(
    fc.property(host, sizes, (costs, all) => {
      const fitted = fitMakingCosts(all.map((packages) => on(costs, packages)));
      expect(fitted.layerMs).toBeCloseTo(costs.layerMs, 3);
      expect(fitted.packageMs).toBeCloseTo(costs.packageMs, 6);
    }),
  );
});

test('a tenth of the layers that took any time at all moves the costs by less than a quarter of what they are', () => {
  fc.assert(
    fc.property(host, sizes, fc.integer({ min: 0, max: 600_000 }), (costs, all, disturbedMs) => {
      const made = all.map((packages, index) =>
        index % 10 === 0 ? { packages, madeMs: disturbedMs } : on(costs, packages),
      );
      const fitted = fitMakingCosts(made);
      expect(fitted.packageMs / costs.packageMs).toBeGreaterThan(0.75);
      expect(fitted.packageMs / costs.packageMs).toBeLessThan(1.25);
    }),
  );
});

test('whatever was measured, the costs stay within reason, in any order of the layers', () => {
  const any = fc.array(fc.record({ packages: fc.nat(2000), madeMs: fc.nat(10_000_000) }), { maxLength: 60 });
  fc.assert(
    fc.property(any, (made) => {
      const fitted = fitMakingCosts(made);
      for (const key of ['layerMs', 'packageMs'] as const) {
        expect(fitted[key]).toBeGreaterThanOrEqual(defaultMakingCosts[key] / 8);
        expect(fitted[key]).toBeLessThanOrEqual(defaultMakingCosts[key] * 8);
      }
      expect(fitMakingCosts(made.toReversed())).toEqual(fitted);
    }),
  );
});

test('a few layers, or layers of one size, say nothing', () => {
  expect(fitMakingCosts([])).toEqual(defaultMakingCosts);
  expect(fitMakingCosts([1, 50, 100].map((packages) => ({ packages, madeMs: 1 })))).toEqual(
    defaultMakingCosts,
  );
  expect(fitMakingCosts(Array.from({ length: 50 }, () => ({ packages: 7, madeMs: 9 })))).toEqual(
    defaultMakingCosts,
  );
});
