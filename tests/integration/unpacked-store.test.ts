// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import type { Priority } from '../../src/host/priority.ts';
import { Unsettled } from '../../src/host/unsettled.ts';
import { type PackedPackage, UnpackedStore } from '../../src/layers/unpacked-store.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

/** A store that unpacks nothing before it is told to, one at a time of each priority. */
async function openStore() {
  const place = await makeTemporaryDirectory();
  onTestFinished(() => place[Symbol.asyncDispose]());
  for (const name of ['unpacked', 'tmp', 'unsettled', 'locks']) await mkdir(join(place.path, name));
  const begun: { readonly what: string; readonly finish: () => void }[] = [];
  const store = new UnpackedStore({
    directory: join(place.path, 'unpacked'),
    scratchDirectory: join(place.path, 'tmp'),
    unsettled: new Unsettled({
      directory: join(place.path, 'unsettled'),
      root: place.path,
      lockDirectory: join(place.path, 'locks'),
      scratchDirectory: join(place.path, 'tmp'),
      bootId: 'now',
    }),
    concurrency: 1,
    async unpack(archive, directory, priority) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const what = `${archive.slice(-1)} ${priority}`;
      begun.push({ what, finish: resolve });
      await promise;
      await writeFile(join(directory, 'by'), what);
    },
  });
  return {
    store,
    begun,
    isBegun: (...all: readonly string[]) => expect.poll(() => begun.map(({ what }) => what)).toEqual(all),
    async pack(name: string): Promise<PackedPackage> {
      const archive = join(place.path, name);
      await writeFile(archive, name);
      return { sha256: sha256(name), archive };
    },
  };
}

test('who waits for a package has it unpacked at the usual priority, whatever is being unpacked ahead', async () => {
  const { store, begun, isBegun, pack } = await openStore();
  const [a, b] = [await pack('a'), await pack('b')];
  const ensure = (one: PackedPackage, priority: Priority): Promise<string[]> => store.ensure([one], priority);
  const ahead = [ensure(a, 'idle'), ensure(b, 'idle')];
  await isBegun('a idle');
  const waited = [ensure(b, 'usual'), ensure(b, 'usual')];
  await isBegun('a idle', 'b usual');
  // what is unpacked at the usual priority is good enough for who is ahead
  ahead.push(ensure(b, 'idle'));
  begun[1]?.finish();
  expect(await Promise.all(waited)).toEqual([[store.pathOf(b.sha256)], [store.pathOf(b.sha256)]]);
  waited.push(ensure(a, 'usual'));
  await isBegun('a idle', 'b usual', 'a usual');
  for (const { finish } of begun) finish();
  await Promise.all([...ahead, ...waited]);
  await isBegun('a idle', 'b usual', 'a usual');
});
