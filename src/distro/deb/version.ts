// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Debian's version order (deb-version(7)): epoch, upstream version, revision; runs of non-digits compare with `~`
 * before the end of the string, letters before all other characters; runs of digits compare as numbers.
 */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  const left = splitVersion(a);
  const right = splitVersion(b);
  return (
    Math.sign(left.epoch - right.epoch) ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

/** The parts of a version; no revision counts as `0` (deb-version(7)), no epoch as 0. */
export function splitVersion(version: string): { epoch: number; upstream: string; revision: string } {
  const colon = version.indexOf(':');
  const dash = version.lastIndexOf('-');
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)),
    upstream: version.slice(colon + 1, dash < 0 ? undefined : dash),
    revision: dash < 0 ? '0' : version.slice(dash + 1),
  };
}

/** Whether `version relation wanted` holds, for the relations of Debian Policy 7.1. */
export function satisfies(version: string, relation: VersionRelation, wanted: string): boolean {
  const order = compareVersions(version, wanted);
  switch (relation) {
    case '<<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '=':
      return order === 0;
    case '>=':
      return order >= 0;
    case '>>':
      return order > 0;
  }
}

export type VersionRelation = '<<' | '<=' | '=' | '>=' | '>>';

const isDigit = (code: number): boolean => code >= 48 && code <= 57;

function weight(code: number): number {
  if (Number.isNaN(code) || isDigit(code)) return 0;
  if (code === 126) return -1;
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isLetter ? code : code + 256;
}

function compareParts(a: string, b: string): number {
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a.charCodeAt(i))) || (j < b.length && !isDigit(b.charCodeAt(j)))) {
      const order = weight(a.charCodeAt(i)) - weight(b.charCodeAt(j));
      if (order !== 0) return Math.sign(order);
      i++;
      j++;
    }
    while (a.charCodeAt(i) === 48) i++;
    while (b.charCodeAt(j) === 48) j++;
    let difference = 0;
    while (isDigit(a.charCodeAt(i)) && isDigit(b.charCodeAt(j))) {
      difference ||= a.charCodeAt(i) - b.charCodeAt(j);
      i++;
      j++;
    }
    if (isDigit(a.charCodeAt(i))) return 1;
    if (isDigit(b.charCodeAt(j))) return -1;
    if (difference !== 0) return Math.sign(difference);
  }
  return 0;
}
