// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { reasonsOf } from './reasons.ts';
import { smallArchive } from './small-archive.ts';

/** The reasons of what `fields` asks for, or of `chosen` where apt is said to have chosen that, as `name: why`. */
function reasons(
  packages: string,
  fields: string,
  installed: readonly string[] = [],
  chosen?: readonly string[],
): string[] {
  const { buildDep, resolver } = smallArchive(packages, installed, '2.6.1');
  const names = chosen ?? buildDep(fields).split(' ');
  if (chosen !== undefined) buildDep(fields);
  const { universe } = resolver;
  const rows = names.map((name) => universe.rowsOfName(universe.findName(name))[0] ?? -1);
  const found = reasonsOf(universe, rows, () => 'Build-Depends');
  return [...found].map(([row, why]) => `${universe.describe(row).name}: ${why}`);
}

test('the way from the source down, and the dependency at its end', () => {
  const packages = `
    Package: a
    Depends: b (>= 1) | c

    Package: b
    Pre-Depends: d

    Package: c

    Package: d`;
  expect(reasons(packages, 'Build-Depends: a')).toEqual([
    'a: the source: Build-Depends a',
    'b: a: Depends b (>= 1)',
    'd: a → b: Pre-Depends d',
  ]);
});

test('the shortest way counts, and what asks for just this before an alternative', () => {
  const packages = `
    Package: far
    Depends: near

    Package: near

    Package: choosy
    Depends: other | near

    Package: other`;
  expect(reasons(packages, 'Build-Depends: far, choosy, near')).toEqual([
    'choosy: the source: Build-Depends choosy',
    'far: the source: Build-Depends far',
    'near: the source: Build-Depends near',
  ]);
});

test('what the base has needs nothing, and a provider is named by what was asked for', () => {
  const packages = `
    Package: here

    Package: user
    Depends: here | tool, api

    Package: tool
    Provides: api`;
  expect(reasons(packages, 'Build-Depends: user', ['here'])).toEqual([
    'tool: user: Depends api',
    'user: the source: Build-Depends user',
  ]);
});

test('what apt left in without need is told from what it only recommends, and from its own choice', () => {
  const packages = `
    Package: a
    Depends: b | c
    Suggests: d

    Package: b

    Package: c

    Package: d

    Package: e`;
  expect(reasons(packages, 'Build-Depends: a', [], ['a', 'b', 'c', 'd', 'e'])).toEqual([
    'a: the source: Build-Depends a',
    'b: a: Depends b',
    'c: a: Depends c',
    'd: a: Suggests d',
    "e: apt's own choice",
  ]);
});
