// SPDX-License-Identifier: GPL-2.0-or-later
import { distance } from 'fastest-levenshtein';

/**
 * At most `limit` of `candidates` that `name` was probably meant to be, nearest first: within a third of its
 * length by edit distance (two letters that changed places are two edits), or beginning with it.
 */
export function nearestNames(name: string, candidates: Iterable<string>, limit = 3): string[] {
  const worst = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3));
  const found: { readonly candidate: string; readonly score: number }[] = [];
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) <= worst) {
      const score = distance(name, candidate);
      if (score <= worst) found.push({ candidate, score });
    } else if (name.length >= 3 && candidate.startsWith(name)) {
      found.push({ candidate, score: worst + 1 });
    }
  }
  found.sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1));
  return found.slice(0, limit).map((entry) => entry.candidate);
}

/** `did you mean a, b or c?`, or `otherwise` where nothing is near. */
export function didYouMean(names: readonly string[], otherwise: string): string {
  if (names.length === 0) return otherwise;
  const last = names.at(-1) ?? '';
  return `did you mean ${names.length === 1 ? last : `${names.slice(0, -1).join(', ')} or ${last}`}?`;
}
