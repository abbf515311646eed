// SPDX-License-Identifier: GPL-2.0-or-later

/** Which numbers each number points to. */
export type Targets = readonly ArrayLike<number>[];

/**
 * Groups of numbers that reach each other, each member once, every group after those that it points to (Tarjan's algorithm
 * without recursion). Only `members` and what points between them count; default all.
 */
export function strongComponents(targets: Targets, members?: Iterable<number>): number[][] {
  const roots = members === undefined ? [...targets.keys()] : [...members];
  const isMember = new Uint8Array(targets.length);
  for (const member of roots) isMember[member] = 1;
  /** When it was met, from 1; 0: not yet. */
  const met = new Uint32Array(targets.length);
  const lowest = new Uint32Array(targets.length);
  const next = new Uint32Array(targets.length);
  const isOpen = new Uint8Array(targets.length);
  const open: number[] = [];
  const groups: number[][] = [];
  let count = 0;
  const meet = (one: number): void => {
    count++;
    met[one] = count;
    lowest[one] = count;
    isOpen[one] = 1;
    open.push(one);
  };
  const lower = (one: number, to: number): void => {
    if (to < (lowest[one] ?? 0)) lowest[one] = to;
  };
  for (const root of roots) {
    if (met[root] !== 0) continue;
    const path = [root];
    meet(root);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const own = targets[at] ?? [];
      const index = next[at] ?? 0;
      if (index < own.length) {
        next[at] = index + 1;
        const target = own[index] ?? 0;
        if (isMember[target] === 0) continue;
        if (met[target] === 0) {
          meet(target);
          path.push(target);
        } else if (isOpen[target] === 1) lower(at, met[target] ?? 0);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) lower(above, lowest[at] ?? 0);
      if (lowest[at] !== met[at]) continue;
      const group = open.splice(open.lastIndexOf(at));
      for (const one of group) isOpen[one] = 0;
      groups.push(group);
    }
  }
  return groups;
}
