// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { layerDescription, readLayers } from '../../src/layers/layer-description.ts';
import { fakePackages, openFakeLayers } from '../support/fake-layers.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

async function makeState(): Promise<string> {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  for (const name of ['layers', 'tmp', 'locks', 'base']) await mkdir(join(directory.path, name));
  return directory.path;
}

/** Which sets the layer of a set lies over, from the top. */
async function below(state: string, packages: string): Promise<string[]> {
  const names = new Map([...'abcdefgh'].map((name) => [fakePackages(name)[0], name]));
  const layers = await readLayers(join(state, 'layers'));
  const setOf = (digests: readonly string[]): string =>
    digests.map((one) => names.get(one as never)).join('');
  const found: string[] = [];
  let layer = layers.values().find((one) => setOf(one.packages) === packages);
  while (layer !== undefined && layer.parent !== null) {
    layer = layers.get(layer.parent);
    found.push(setOf(layer?.packages ?? []));
  }
  return found;
}

test('ten who ask at once, of two processes, get one layer that was made once', async () => {
  const state = await makeState();
  const stores = [openFakeLayers(state, 100), openFakeLayers(state, 100)];
  const asked = await Promise.all(
    Array.from({ length: 5 }).flatMap(() => stores.map((store) => store.ensure('abc'))),
  );
  const lower = asked.map((end) => (end.kind === 'layer' ? end.use.lower.join() : end.kind));
  expect(new Set(lower).size).toBe(1);
  expect(stores.flatMap(({ made }) => made)).toEqual(['abc']);
});

test('what has to be installed together is not made over a layer that has a part of it, but over the next best', async () => {
  const state = await makeState();
  const layers = openFakeLayers(state, 100);
  await layers.ensure('ab');
  await layers.ensure('abc');
  await layers.ensure('cd');
  expect(await below(state, 'abc')).toEqual(['ab']);
  await layers.ensure('abcde');
  expect(await below(state, 'abcde')).toEqual(['abc', 'ab']);
  await layers.ensure('abcdf', 'a');
  expect(await below(state, 'abcdf')).toEqual(['cd']);
  await layers.ensure('abcdg', 'ad');
  expect(await below(state, 'abcdg')).toEqual([]);
});

test('layers of another recipe are not lain over', async () => {
  const state = await makeState();
  const end = await openFakeLayers(state, 100).ensure('abc');
  if (end.kind !== 'layer') throw new Error(end.kind);
  const layers = await readLayers(join(state, 'layers'));
  for (const layer of layers.values()) {
    const path = layerDescription(join(state, 'layers', layer.id));
    await writeFile(path, JSON.stringify({ ...layer, recipe: 1 }));
  }
  await openFakeLayers(state, 100).ensure('abcd');
  expect(await below(state, 'abcd')).toEqual([]);
});
