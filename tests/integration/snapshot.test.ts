// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { freezeRepositories } from '../../src/distro/deb/freeze.ts';
import { readFrozenDirectory } from '../../src/distro/deb/frozen-directory.ts';
import type { Distribution } from '../../src/distro/distribution.ts';
import type { StateDirectory } from '../../src/host/state-directory.ts';
import type { SnapshotWish } from '../../src/snapshot/snapshot.ts';
import { SnapshotStore } from '../../src/snapshot/snapshot-store.ts';
import { requires } from '../support/capabilities.ts';
import { hideHostAptConfiguration } from '../support/host-apt-configuration.ts';
import { runTool } from '../support/run-tool.ts';
import { SmallRepository } from '../support/small-repository.ts';
import { makeTestState } from '../support/test-state.ts';

let repository: SmallRepository;
let state: StateDirectory;
let clock: number;

const distribution: Pick<Distribution, 'freeze'> = { freeze: freezeRepositories };

beforeAll(async () => {
  hideHostAptConfiguration();
  repository = await SmallRepository.make();
  await repository.addSource({ name: 'hello' });
}, 60_000);

beforeEach(async () => {
  await repository.addBinary({ name: 'hello' });
  await repository.publish();
  const fresh = await makeTestState();
  state = fresh.state;
  clock = Date.UTC(2026, 0, 1);
  onTestFinished(() => fresh[Symbol.asyncDispose]());
});

afterAll(() => repository[Symbol.asyncDispose]());

function makeStore(freeze = distribution.freeze): SnapshotStore {
  return new SnapshotStore(state, { freeze }, () => new Date((clock += 1000)));
}

function wish(more: Partial<SnapshotWish> = {}): SnapshotWish {
  return {
    kind: 'deb',
    suite: 'small',
    architecture: 'amd64',
    repositories: [repository.repository()],
    ...more,
  };
}

async function create(store = makeStore(), wanted = wish()) {
  await using created = await store.create(wanted);
  return { ...created.snapshot, isNew: created.isNew };
}

/** Makes the mirror move on: the release file changes. */
async function moveOn(name: string): Promise<void> {
  await repository.addBinary({ name });
  await repository.publish();
}

test('a snapshot is made, listed, shown and opened', async () => {
  const store = makeStore();
  await using created = await store.create(wish());
  const { snapshot } = created;
  expect(created.isNew).toBe(true);
  expect(snapshot).toMatchObject({
    suite: 'small',
    architecture: 'amd64',
    createdAt: '2026-01-01T00:00:01.000Z',
  });
  expect(await store.list()).toEqual([snapshot]);
  expect(await store.show(snapshot.id.slice(0, 6))).toEqual(snapshot);
  await using open = await store.open(snapshot.id);
  expect(open.frozenDirectory).toBe(join(state.snapshots, snapshot.id, 'frozen'));
  expect((await readFrozenDirectory(open.frozenDirectory)).id).toBe(snapshot.id);
  expect(await readdir(state.tmp)).toEqual([]);
});

test('the same state of the mirror is the same snapshot, also for two who make it at once', async () => {
  const made = await Promise.all([create(), create()]);
  expect(made.filter(({ isNew }) => isNew)).toHaveLength(1);
  expect(made[0]?.id).toBe(made[1]?.id);
  expect(await create()).toMatchObject({ id: made[0]?.id, isNew: false });
  expect(await readdir(state.snapshots)).toHaveLength(1);
  expect(await readdir(state.tmp)).toEqual([]);
});

test('a mirror that moves on does not touch a snapshot; both stand side by side', async () => {
  const store = makeStore();
  const first = await create(store);
  const look = async (): Promise<string> =>
    runTool(['find', join(state.snapshots, first.id), '-printf', '%p %s %T@\n']);
  const before = await look();
  await moveOn('second');
  const second = await create(store);
  expect(second).toMatchObject({ isNew: true });
  expect(second.id).not.toBe(first.id);
  expect(await look()).toBe(before);
  expect((await store.list()).map(({ id }) => id)).toEqual([second.id, first.id]);
  expect((await store.findNewest(wish()))?.id).toBe(second.id);
  expect(await store.findNewest(wish({ architecture: 'arm64' }))).toBeUndefined();
  clock -= 365 * 86_400_000; // somebody sets it back
  await moveOn('third');
  const third = await create(store);
  expect((await store.list()).map(({ id }) => id)).toEqual([third.id, second.id, first.id]);
  expect((await store.findNewest(wish()))?.id).toBe(third.id);
});

test('one in use is not removed, by another store either', async () => {
  const store = makeStore();
  const { id } = await create(store);
  const use = await store.open(id);
  await expect(makeStore().remove(id)).rejects.toMatchObject({ code: 'snapshot-in-use' });
  expect(await store.list()).toHaveLength(1);
  await use[Symbol.asyncDispose]();
  expect(await makeStore().remove(id.slice(0, 8))).toBe(id);
  expect(await store.list()).toEqual([]);
  expect(await readdir(state.tmp)).toEqual([]);
  expect(await readdir(state.locks)).toEqual([]);
  await expect(store.open(id)).rejects.toMatchObject({ code: 'unknown-snapshot' });
  expect(await create(store)).toMatchObject({ id, isNew: true });
});

test('unknown and ambiguous ids', async () => {
  const store = makeStore();
  await expect(store.show('')).rejects.toMatchObject({ code: 'unknown-snapshot' });
  const { id } = await create(store);
  const misspelt = `${id.slice(0, 7)}${id[7] === '0' ? '1' : '0'}`;
  await expect(store.show(misspelt)).rejects.toMatchObject({
    code: 'unknown-snapshot',
    hint: `did you mean ${id.slice(0, 8)}?`,
  });
  const twin = `${id.slice(0, 63)}${id[63] === '0' ? '1' : '0'}`;
  await mkdir(join(state.snapshots, twin));
  await expect(store.show(id.slice(0, 10))).rejects.toMatchObject({
    code: 'unknown-snapshot',
    message: expect.stringContaining('2 snapshots'),
  });
  expect((await store.show(id)).id).toBe(id);
});

test('a failed freeze leaves nothing behind', async () => {
  await repository.truncateIndex({ kind: 'packages' });
  await expect(create()).rejects.toMatchObject({ code: 'index-corrupt' });
  expect(await readdir(state.snapshots)).toEqual([]);
  expect(await readdir(state.tmp)).toEqual([]);
  expect(await readdir(state.locks)).toEqual([]);
});

test('passwords are kept where they are needed and not shown', async () => {
  const uri = repository.repository().uri;
  const freeze: typeof freezeRepositories = (request, directory) =>
    freezeRepositories(
      { ...request, repositories: request.repositories.map((each) => ({ ...each, uri })) },
      directory,
    );
  const secret = { ...repository.repository(), uri: 'http://bee:wax@mirror.example.org/debian' };
  const { id, repositories } = await create(makeStore(freeze), wish({ repositories: [secret] }));
  expect(repositories[0]?.uri).toBe('http://mirror.example.org/debian');
  expect(await readFile(join(state.snapshots, id, 'snapshot.json'), 'utf8')).not.toContain('wax');
});

test('a damaged description is an error that says what to do, and can be removed', async () => {
  const store = makeStore();
  const { id } = await create(store);
  await writeFile(join(state.snapshots, id, 'snapshot.json'), '{');
  await expect(store.list()).rejects.toMatchObject({
    code: 'index-corrupt',
    hint: expect.stringContaining(`paseka snapshot remove ${id.slice(0, 12)}`),
  });
  await store.remove(id);
  expect(await store.list()).toEqual([]);
});

requires('root')('on a small file system', () => {
  test('a full disk is its own error and leaves nothing behind', async () => {
    await runTool(['mount', '-t', 'tmpfs', '-o', 'size=16k', 'paseka-test', state.tmp]);
    try {
      await expect(create()).rejects.toMatchObject({ code: 'disk-full' });
      expect(await readdir(state.tmp)).toEqual([]);
    } finally {
      await runTool(['umount', state.tmp]);
    }
    expect(await readdir(state.snapshots)).toEqual([]);
  });
});
