// SPDX-License-Identifier: GPL-2.0-or-later
import { breakCycles, type Variant } from './break-cycles.ts';
import { strongComponents, type Targets } from './strong-components.ts';

/** What is to be built, as numbers, and what of each other it needs. */
export interface StageRequest {
  /** For each the others that it needs. */
  readonly needs: Targets;
  /** What every build starts with: before all that they don't need themselves. */
  readonly base: readonly number[];
  /** For members of cycles, see {@link breakCycles}. */
  readonly variants: ReadonlyMap<number, readonly Variant[]>;
}

export interface Stages {
  /** Every number once; what it needs is in an earlier level, but for {@link cycles}. Each ascending. */
  readonly levels: readonly (readonly number[])[];
  /** Those that need each other, whatever variant is taken: each in one level. Ascending. */
  readonly cycles: readonly (readonly number[])[];
  /** Which of its variants a number is built as. */
  readonly chosen: ReadonlyMap<number, number>;
}

/** Orders builds by what they need of each other, as early as that lets each be built. */
export function orderStages({ needs, base, variants }: StageRequest): Stages {
  const broken = breakCycles(needs, variants);
  const groups = strongComponents(broken.needs);
  const groupOf = new Uint32Array(needs.length);
  for (const [index, group] of groups.entries()) for (const one of group) groupOf[one] = index;
  const neededGroups = groups.map((group, index) => {
    const below = new Set<number>();
    for (const one of group) {
      for (const target of Array.from(broken.needs[one] ?? [])) below.add(groupOf[target] ?? 0);
    }
    below.delete(index);
    return below;
  });
  const underBase = closure(
    neededGroups,
    base.map((one) => groupOf[one] ?? 0),
  );
  const levelOf = new Uint32Array(groups.length);
  // A group comes after those that it needs.
  const level = (index: number, atLeast: number): void => {
    let own = atLeast;
    for (const below of neededGroups[index] ?? []) own = Math.max(own, (levelOf[below] ?? 0) + 1);
    levelOf[index] = own;
  };
  let afterBase = 0;
  for (let index = 0; index < groups.length; index++) {
    if (!underBase.has(index)) continue;
    level(index, 0);
  }
  for (const one of base) afterBase = Math.max(afterBase, (levelOf[groupOf[one] ?? 0] ?? 0) + 1);
  for (let index = 0; index < groups.length; index++) if (!underBase.has(index)) level(index, afterBase);
  const levels: number[][] = [];
  for (let one = 0; one < needs.length; one++) (levels[levelOf[groupOf[one] ?? 0] ?? 0] ??= []).push(one);
  return {
    levels: Array.from(levels, (members) => members ?? []).filter((members) => members.length > 0),
    cycles: groups
      .filter((group) => group.length > 1)
      .map((group) => group.sort((a, b) => a - b))
      .sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0)),
    chosen: broken.chosen,
  };
}

/** The starts and all that they need. */
function closure(needs: readonly ReadonlySet<number>[], starts: readonly number[]): Set<number> {
  const found = new Set(starts);
  for (const one of found) for (const below of needs[one] ?? []) found.add(below);
  return found;
}
