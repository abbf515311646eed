// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Checks that every package that the program uses at run time, on any platform, may be combined with
 * GPL-2.0-or-later. Prints one line for each that may not; exit status 1 where there is one.
 */
import { readFileSync } from 'node:fs';

/** SPDX identifiers. Not Apache-2.0: with it the whole could be passed on under version 3 only. */
const compatible = new Set(
  (
    '0BSD BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MIT-0 Unlicense Zlib ' +
    'GPL-2.0-or-later LGPL-2.0-or-later LGPL-2.1-or-later'
  ).split(' '),
);

interface Lock {
  readonly packages: Readonly<Record<string, { readonly license?: string; readonly dev?: boolean }>>;
}

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock;
const used = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && entry.dev !== true);
const faults = used
  .filter(([, { license }]) => license === undefined || !isCompatible(license))
  .map(([path, { license }]) => `${path}: ${license ?? 'names no licence'}`);
if (used.length === 0) faults.push('found no package to check');
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** One licence, or a choice of which one will do. */
function isCompatible(expression: string): boolean {
  return expression
    .replace(/^\((.*)\)$/, '$1')
    .split(' OR ')
    .some((licence) => compatible.has(licence));
}
