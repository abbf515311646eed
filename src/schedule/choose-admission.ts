// SPDX-License-Identifier: GPL-2.0-or-later

/** A task that could begin, with what it would take. */
export interface Candidate {
  /** At most the budget. */
  readonly needBytes: number;
  readonly wallMs: number;
  /** False where it has been overtaken often enough. */
  readonly mayBeOvertaken: boolean;
}

/** A task that runs, with what is set aside for it. */
export interface Holder {
  readonly heldBytes: number;
  /** When it is expected to end, milliseconds since the epoch. */
  readonly endsAt: number;
}

/**
 * Which of the candidates begins next, by its place; undefined where none may. The first, if it fits into what is left.
 * While it does not, one behind it that fits may overtake it where that is not expected to make the first wait
 * longer: because it ends before there will be room for the first, or needs only what will be left beside it (the
 * backfilling of batch systems, as EASY has it).
 */
export function chooseAdmission(
  candidates: readonly Candidate[],
  holders: readonly Holder[],
  budgetBytes: number,
  now: number,
): number | undefined {
  const [first] = candidates;
  if (first === undefined) return undefined;
  const free = budgetBytes - holders.reduce((sum, { heldBytes }) => sum + heldBytes, 0);
  if (first.needBytes <= free) return 0;
  const { at, beside } = roomFor(first.needBytes, holders, free, now);
  for (const [place, { mayBeOvertaken, needBytes, wallMs }] of candidates.entries()) {
    if (needBytes <= free && (now + wallMs <= at || needBytes <= beside)) return place;
    if (!mayBeOvertaken) return undefined;
  }
  return undefined;
}

/** When there will be room for a task, and what will be left beside it then. */
function roomFor(
  needBytes: number,
  holders: readonly Holder[],
  free: number,
  now: number,
): { readonly at: number; readonly beside: number } {
  let room = free;
  let at = now;
  for (const { endsAt, heldBytes } of holders.toSorted((a, b) => a.endsAt - b.endsAt)) {
    if (room >= needBytes) break;
    room += heldBytes;
    at = Math.max(now, endsAt);
  }
  return { at, beside: room - needBytes };
}
