// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { type Sha256, sha256 } from '../base/digest.ts';
import { layerId } from './layer-description.ts';

const packages = ['a', 'b', 'c'].map((name) => sha256(name));
const layer = { base: 'base', packages, removed: ['x', 'y'] };

test.each<[string, Partial<typeof layer>]>([
  ['another base', { base: 'other' }],
  ['another package', { packages: [...packages.slice(1), sha256('d')] }],
  ['one package more', { packages: [...packages, sha256('d')] }],
  ['one package less', { packages: packages.slice(1) }],
  ['something else removed', { removed: ['x', 'z'] }],
  ['more removed', { removed: ['x', 'y', 'z'] }],
  ['nothing removed', { removed: [] }],
  ['a package that is removed instead', { packages: packages.slice(1), removed: ['x', 'y', sha256('a')] }],
  ['other names of the same letters', { removed: ['xy'] }],
])('another layer: %s', (_what, change) => {
  expect(layerId({ ...layer, ...change })).not.toBe(layerId(layer));
});

test('the same layer in any order, and the order of what was given stays', () => {
  const given: Sha256[] = packages.toReversed();
  const other = { ...layer, packages: given, removed: ['y', 'x'] };
  expect(layerId(other)).toBe(layerId(layer));
  expect(other.packages).toEqual(packages.toReversed());
  expect(other.removed).toEqual(['y', 'x']);
});
