// SPDX-License-Identifier: GPL-2.0-or-later

/** A version in its parts. */
export interface Evr {
  readonly epoch: number;
  readonly version: string;
  /** Absent in dependencies on a version alone. */
  readonly release?: string;
}

/**
 * The parts of `[EPOCH:]VERSION[-RELEASE]`, as rpm takes them apart (rpmver.c): digits before a colon are the epoch, what comes
 * after the last hyphen is the release.
 */
export function parseEvr(text: string): Evr {
  const colon = /^\d*:/.exec(text)?.[0] ?? '';
  const rest = text.slice(colon.length);
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: Number(colon.slice(0, -1)),
    version: hyphen < 0 ? rest : rest.slice(0, hyphen),
    ...(hyphen < 0 ? {} : { release: rest.slice(hyphen + 1) }),
  };
}

/** The other way round; an epoch of 0 is as none and not written. */
export function formatEvr({ epoch, version, release }: Evr): string {
  return `${epoch === 0 ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`;
}

/**
 * The order of whole versions, below, above or 0: by epoch, then version, then release. Without a release comes before with
 * one.
 */
export function compareEvr(a: string, b: string): number {
  if (a === b) return 0;
  const left = parseEvr(a);
  const right = parseEvr(b);
  return (
    Math.sign(left.epoch - right.epoch) ||
    compareRpmVersions(left.version, right.version) ||
    compareReleases(left.release, right.release)
  );
}

function compareReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareRpmVersions(a, b);
}

/** Everything else only separates. */
const segment = /[0-9]+|[A-Za-z]+|[~^]/g;

/**
 * The order of one part of a version, as rpm's rpmvercmp() has it: runs of digits and of letters are compared one by one, all
 * else separates them. `~` comes before the end of a version, `^` after it, but before any further part.
 */
export function compareRpmVersions(a: string, b: string): number {
  if (a === b) return 0;
  const left = a.match(segment) ?? [];
  const right = b.match(segment) ?? [];
  for (let index = 0; index < left.length || index < right.length; index++) {
    const order = compareSegments(left[index], right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareSegments(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0;
  if (a === '~' || b === '~') return a === '~' ? -1 : 1;
  if (a === undefined || b === undefined) return a === undefined ? -1 : 1;
  if (a === '^' || b === '^') return a === '^' ? -1 : 1;
  const isNumber = isDigits(a);
  if (isNumber !== isDigits(b)) return isNumber ? 1 : -1;
  if (!isNumber) return a < b ? -1 : 1;
  const left = a.replace(/^0+/, '');
  const right = b.replace(/^0+/, '');
  if (left.length !== right.length) return left.length < right.length ? -1 : 1;
  return left === right ? 0 : left < right ? -1 : 1;
}

function isDigits(text: string): boolean {
  return text.charCodeAt(0) <= 57;
}
