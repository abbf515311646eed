// SPDX-License-Identifier: GPL-2.0-or-later

/** A digest of ascending members, for finding equal ones: 53 bits, so that different ones seldom have the same. */
export function memberHash(members: ArrayLike<number>): number {
  let low = 0x811c9dc5;
  let high = 0x9747b28c;
  for (let index = 0; index < members.length; index++) {
    const member = (members[index] ?? 0) + 1;
    low = Math.imul(low ^ member, 0x01000193);
    low ^= low >>> 15;
    high = Math.imul(high ^ Math.imul(member, 0x85ebca6b), 0xc2b2ae35);
    high ^= high >>> 13;
  }
  return (low >>> 0) * 0x200000 + (high >>> 11);
}

export function sameMembers(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index++) if (one[index] !== other[index]) return false;
  return true;
}

/** The sum of what the members weigh. */
export function weightOf(members: ArrayLike<number>, weights: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < members.length; index++) sum += weights[members[index] ?? 0] ?? 0;
  return sum;
}
