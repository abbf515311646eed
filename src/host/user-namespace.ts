// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';

/**
 * The uid outside of this process's user namespace: 0 for root of the machine, the ordinary user's own inside a
 * namespace where that user is mapped to 0 (user_namespaces(7)).
 */
export function readOuterUid(): number {
  return outerUidOf(process.getuid?.() ?? 0, readFileSync('/proc/self/uid_map', 'utf8'));
}

/** Looks `uid` up in the text of a uid_map; an unmapped one is 65534, as the kernel shows it. */
export function outerUidOf(uid: number, uidMap: string): number {
  for (const line of uidMap.trim().split('\n')) {
    const [inside = 0, outside = 0, length = 0] = line.trim().split(/\s+/).map(Number);
    if (uid >= inside && uid < inside + length) return outside + (uid - inside);
  }
  return 65534;
}

/**
 * Whether this process is in a user namespace other than the host's first one. One that maps every id to itself
 * can't be told from it (and needs no telling: it was made by someone who meant that).
 */
export function isInUserNamespace(): boolean {
  return !/^\s*0\s+0\s+4294967295\s*$/.test(readFileSync('/proc/self/uid_map', 'utf8'));
}
