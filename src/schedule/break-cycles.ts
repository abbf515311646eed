// SPDX-License-Identifier: GPL-2.0-or-later
import { strongComponents, type Targets } from './strong-components.ts';

/** Another way to build something, which needs less. */
export interface Variant {
  /** Numbers that it needs then. */
  readonly needs: ArrayLike<number>;
}

/** How cycles were broken. */
export interface BrokenCycles {
  /** What each needs, with the variants that were chosen. */
  readonly needs: Targets;
  /** Which of its variants each was given, by its place; the others keep what they need. */
  readonly chosen: ReadonlyMap<number, number>;
}

/**
 * Takes as few variants as the cycles leave apart: all members of a cycle get the first one that saves something within
 * it, what still hangs together the second, and so on; then each gets back as much as closes no cycle anew. Groups that no
 * variant opens stay. `variants` has, for the members of cycles, what is given up step by step: each needs no more than the
 * one before it.
 */
export function breakCycles(needs: Targets, variants: ReadonlyMap<number, readonly Variant[]>): BrokenCycles {
  const current = [...needs];
  const chosen = new Map<number, number>();
  const steps = Math.max(0, ...[...variants.values()].map((own) => own.length));
  let cycles = strongComponents(needs).filter((group) => group.length > 1);
  for (let step = 0; step < steps && cycles.length > 0; step++) {
    for (const group of cycles) {
      const inside = new Set(group);
      for (const member of group) {
        const variant = variants.get(member)?.[step];
        if (variant === undefined) continue;
        const before = countInside(current[member] ?? [], inside);
        if (countInside(variant.needs, inside) >= before) continue;
        current[member] = variant.needs;
        chosen.set(member, step);
      }
    }
    cycles = cycles.flatMap((group) => strongComponents(current, group)).filter((group) => group.length > 1);
  }
  giveBack(needs, current, variants, chosen, cycles);
  return { needs: current, chosen };
}

/** Takes variants back, the last steps first, that open no cycle; which groups are left is the same afterwards. */
function giveBack(
  needs: Targets,
  current: ArrayLike<number>[],
  variants: ReadonlyMap<number, readonly Variant[]>,
  chosen: Map<number, number>,
  cycles: readonly (readonly number[])[],
): void {
  const groupOf = new Map(cycles.flatMap((group, index) => group.map((member) => [member, index] as const)));
  for (const [member, step] of [...chosen].sort(([, a], [, b]) => b - a)) {
    const kept = new Set(Array.from(current[member] ?? []));
    for (let back = -1; back < step; back++) {
      const more = back < 0 ? needs[member] : variants.get(member)?.[back]?.needs;
      const added = Array.from(more ?? []).filter((one) => !kept.has(one));
      const own = groupOf.get(member);
      const outside = added.filter((one) => own === undefined || groupOf.get(one) !== own);
      if (reaches(current, outside, member)) continue;
      current[member] = more ?? [];
      if (back < 0) chosen.delete(member);
      else chosen.set(member, back);
      break;
    }
  }
}

function countInside(targets: ArrayLike<number>, inside: ReadonlySet<number>): number {
  let count = 0;
  for (let index = 0; index < targets.length; index++) if (inside.has(targets[index] ?? -1)) count++;
  return count;
}

/** Whether there is a way from any of `from` to `wanted`. */
function reaches(targets: Targets, from: readonly number[], wanted: number): boolean {
  const seen = new Set(from);
  const open = [...from];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === wanted) return true;
    const own = targets[at] ?? [];
    for (let index = 0; index < own.length; index++) {
      const target = own[index] ?? 0;
      if (seen.has(target)) continue;
      seen.add(target);
      open.push(target);
    }
  }
  return false;
}
