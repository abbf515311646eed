// SPDX-License-Identifier: GPL-2.0-or-later
import type { Universe } from '../resolve/universe.ts';

/** For each row 1 where it lacks something, or needs something that does: found without regard to conflicts. */
export function findHopelessRows(universe: Universe): Uint8Array {
  const hopeless = new Uint8Array(universe.rowCount);
  const users = new Map<number, number[]>();
  const queue: number[] = [];
  for (let row = 0; row < universe.root; row++) {
    if (!hasHope(universe, row, hopeless, users)) queue.push(row);
  }
  for (let row = queue.pop(); row !== undefined; row = queue.pop()) {
    if (hopeless[row] === 1) continue;
    hopeless[row] = 1;
    for (const user of users.get(row) ?? []) {
      if (hopeless[user] === 0 && !hasHope(universe, user, hopeless, undefined)) queue.push(user);
    }
  }
  return hopeless;
}

function hasHope(
  universe: Universe,
  row: number,
  hopeless: Uint8Array,
  users: Map<number, number[]> | undefined,
): boolean {
  const end = universe.conflictsStart(row);
  let hope = false;
  for (let index = universe.needsStart(row); index < end; index++) {
    const item = universe.relations[index] ?? 0;
    for (const target of universe.targets(item >> 1)) {
      if (hopeless[target] === 1) continue;
      hope = true;
      if (users === undefined) continue;
      const known = users.get(target);
      if (known === undefined) users.set(target, [row]);
      else known.push(row);
    }
    if ((item & 1) !== 0) continue;
    if (!hope) return false;
    hope = false;
  }
  return true;
}
