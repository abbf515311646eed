// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { sha256 } from '../base/digest.ts';
import { type Layer, layerRecipe } from './layer-description.ts';
import { setsOver } from './layer-sets.ts';

const base = sha256('base');

function layer(name: string, parent: string | null, more: Partial<Layer> = {}): Layer {
  return {
    id: sha256(name),
    base,
    parent: parent === null ? null : sha256(parent),
    packages: [sha256(`package of ${name}`)],
    removed: [],
    made: 'linked',
    recipe: layerRecipe,
    bytes: 1,
    ...more,
  };
}

function over(...layers: readonly Layer[]): ReturnType<typeof setsOver> {
  return setsOver(new Map(layers.map((one) => [one.id, one])), base);
}

test('what a layer lies over is told down to the base', () => {
  const found = over(layer('a', null), layer('b', 'a'), layer('c', 'b'));
  expect(found.map(({ depth }) => depth)).toEqual([1, 2, 3]);
  expect(found.at(-1)?.chain).toEqual([sha256('c'), sha256('b'), sha256('a')]);
});

test('without the one that it lies over, a layer is deeper than any may be', () => {
  expect(over(layer('b', 'a')).map(({ depth }) => depth)).toEqual([Number.POSITIVE_INFINITY]);
});

test('nothing is made over layers of other bases or recipes, or that lack something of the base', () => {
  const { recipe: _, ...older } = layer('older', null);
  expect(
    over(
      layer('other', null, { base: sha256('other base') }),
      layer('earlier', null, { recipe: layerRecipe - 1 }),
      layer('lacking', null, { removed: ['a'] }),
      older,
    ),
  ).toEqual([]);
});
