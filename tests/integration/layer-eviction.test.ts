// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { listDirectory } from '../../src/host/files.ts';
import { layerDescription, readLayers } from '../../src/layers/layer-description.ts';
import { type FakeLayers, fakePackages, openFakeLayers } from '../support/fake-layers.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

/** Three layers of a package each fill it: then one has to go. */
const budget = 3;
const user = join(import.meta.dirname, '../support/layer-driver.ts');

async function makeState(): Promise<string> {
  const directory = await makeTemporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  for (const name of ['layers', 'tmp', 'locks', 'base']) await mkdir(join(directory.path, name));
  return directory.path;
}

/** Makes a layer that was last used so many hours ago, and doesn't use it. */
async function makeUnused(layers: FakeLayers, packages: string, hours: number): Promise<void> {
  const end = await layers.ensure(packages);
  if (end.kind !== 'layer') throw new Error(end.kind);
  end.use[Symbol.dispose]();
  const path = layerDescription(join(end.use.lower[0] ?? '', '..'));
  const then = new Date(Date.now() - hours * 3_600_000);
  await utimes(path, then, then);
}

async function setsOf(state: string): Promise<string[]> {
  const names = new Map([...'abcdefgh'].map((name) => [fakePackages(name)[0], name]));
  const layers = await readLayers(join(state, 'layers'));
  return [...layers.values()].map(({ packages }) => packages.map((one) => names.get(one)).join('')).sort();
}

test('what was not used for longest goes when the budget is spent, and is made again when it is wanted', async () => {
  const state = await makeState();
  const layers = openFakeLayers(state, budget);
  for (const [packages, hours] of [
    ['a', 2],
    ['b', 3],
    ['c', 1],
  ] as const) {
    await makeUnused(layers, packages, hours);
  }
  await makeUnused(layers, 'd', 0);
  expect(await setsOf(state)).toEqual(['a', 'c', 'd']);
  expect(await layers.ensure('b')).toMatchObject({ kind: 'layer' });
  expect(await setsOf(state)).toEqual(['b', 'c', 'd']);
  expect(await listDirectory(join(state, 'tmp'))).toEqual([]);
});

test('what lies below another stays as long as that', async () => {
  const state = await makeState();
  const layers = openFakeLayers(state, budget + 1);
  await makeUnused(layers, 'ab', 9);
  await makeUnused(layers, 'abc', 1);
  await makeUnused(layers, 'd', 5);
  await makeUnused(layers, 'e', 0);
  expect(await setsOf(state)).toEqual(['ab', 'abc', 'e']);
});

test('what is in use, or expected to be, stays; with nothing else there is no room', async () => {
  const state = await makeState();
  const layers = openFakeLayers(state, budget + 1);
  await makeUnused(layers, 'ab', 1);
  for (const packages of ['c', 'd']) await makeUnused(layers, packages, 5);
  const used = await layers.ensure('abe');
  if (used.kind !== 'layer') throw new Error(used.kind);
  expect(used.use.lower).toHaveLength(3);
  const ids = [...(await readLayers(join(state, 'layers'))).keys()];
  {
    using _soon = layers.store.expect(ids);
    expect(await layers.ensure('f')).toEqual({ kind: 'no-room' });
  }
  expect(await layers.ensure('f')).toMatchObject({ kind: 'layer' });
  expect(await setsOf(state)).toEqual(['ab', 'abe', 'f']);
});

test("another process's layers stay until it ends, even by SIGKILL", async () => {
  const state = await makeState();
  const layers = openFakeLayers(state, budget);
  for (const packages of ['b', 'c']) await makeUnused(layers, packages, 5);
  const child = spawn(process.execPath, [user, state, String(budget), 'hold', 'a']);
  onTestFinished(() => void child.kill('SIGKILL'));
  expect(String((await once(child.stdout, 'data'))[0])).toBe('layer\n');
  for (const { id } of (await readLayers(join(state, 'layers'))).values()) {
    await utimes(layerDescription(join(state, 'layers', id)), new Date(0), new Date(0));
  }
  await makeUnused(layers, 'd', 0);
  await makeUnused(layers, 'e', 0);
  expect(await setsOf(state)).toEqual(['a', 'd', 'e']);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await makeUnused(layers, 'f', 0);
  expect(await setsOf(state)).toEqual(['d', 'e', 'f']);
});

test('several processes that make, use and evict at once always find what they use whole', async () => {
  const state = await makeState();
  const children = [4, 5, 6].map((mebibytes) =>
    spawn(process.execPath, [user, state, String(mebibytes), 'roam', '150'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const ends = await Promise.all(
    children.map(async (child) => {
      let said = '';
      child.stdout.on('data', (chunk) => (said += String(chunk)));
      child.stderr.on('data', (chunk) => (said += String(chunk)));
      const [status] = await once(child, 'close');
      return { status: status as unknown, said };
    }),
  );
  for (const { status, said } of ends) {
    expect({ status, said }).toMatchObject({ status: 0 });
    expect(Number(said)).toBeGreaterThan(50);
  }
  expect(await listDirectory(join(state, 'tmp'))).toEqual([]);
});
