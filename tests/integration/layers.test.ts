// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listDirectory } from '../../src/host/files.ts';
import { type Layer, readLayers } from '../../src/layers/layer-description.ts';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { oddBinaries, userBinaries } from '../support/odd-packages.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { fingerprintTree } from '../support/tree-fingerprint.ts';

interface Compared {
  readonly equal: boolean;
  readonly made: 'linked' | 'installed';
  readonly packages: number;
  readonly paths: number;
  readonly differences: readonly unknown[];
}

engineTests('layers', (engine) => {
  const compare = (place: Place, names: readonly string[]): Promise<Compared> =>
    pasekaJson<Compared>(
      ['layer', 'compare', ...engine.from, ...names.flatMap((name) => ['--package', name])],
      0,
      place,
    );
  const layersOf = async (place: Place): Promise<Layer[]> => [
    ...(await readLayers(join(place.state, 'layers'))).values(),
  ];
  const unpackedContent = async (place: Place): Promise<string[]> => {
    const lines = await fingerprintTree(join(place.state, 'unpacked'));
    // a further name changes only the number of names and the time of that change
    return lines.map((line) => line.split(' ').toSpliced(4, 1).toSpliced(7, 1).join(' '));
  };

  test('all that packages may do gives what apt gives, at once and over a layer that has a part', async () => {
    await using atOnce = await makePlace(engine);
    const names = oddBinaries.map(({ name }) => name);
    const whole = await compare(atOnce, names);
    expect(whole).toMatchObject({ equal: true, differences: [], made: 'linked', packages: names.length });
    expect(whole.paths).toBeGreaterThan(5000);

    await using inParts = await makePlace(engine);
    const first = names.filter((_, index) => index % 2 === 0);
    await compare(inParts, first);
    expect(await compare(inParts, names)).toMatchObject({
      equal: true,
      made: 'linked',
      packages: names.length,
    });
    const layers = await layersOf(inParts);
    expect(layers.map((layer) => layer.parent === null).sort()).toEqual([false, true]);
  });

  test('users are numbered as when all is installed at once, whatever layers are there', async () => {
    await using place = await makePlace(engine);
    const names = userBinaries.map(({ name }) => name);
    await compare(place, ['odd-user-alone']);
    expect(await compare(place, names)).toMatchObject({ equal: true, differences: [], made: 'linked' });
    // without users of its own, a set may lie over one that has them
    expect(await compare(place, [...names, 'odd-plain'])).toMatchObject({ equal: true, made: 'linked' });
    const layers = await layersOf(place);
    expect(layers.find((layer) => layer.packages.length === names.length)?.parent).toBeNull();
    expect(layers.find((layer) => layer.packages.length > names.length)?.parent).not.toBeNull();
  });

  test('nothing is written through a link: by a maintainer script, root or the build user', async () => {
    await using place = await makePlace(engine);
    const packages = ['--packages', 'odd-scribbler,odd-plain,odd-conffile-script'];
    const run = (...command: string[]) => paseka(['run', ...engine.from, ...packages, ...command], place);
    const first = await run('--', 'true');
    expect(first).toMatchObject({ status: 0 });
    const before = await unpackedContent(place);
    expect(before.filter((line) => line.includes('/text '))).toHaveLength(1);
    const vandal = [
      'cd /usr/share/odd-scribbler; for f in text emptied mode ../odd/shared /bin/odd-plain /etc/odd/second.conf',
      'do echo vandal >> $f; chmod 777 $f; chown 1000:1000 $f; touch -d 2002-02-02 $f; ln -f $f $f.more; : > $f; done',
      'rm -rf /usr/share/odd',
    ].join('; ');
    expect(await run('--', 'sh', '-c', vandal.replace('second.conf; do', 'second.conf; do'))).toMatchObject({
      status: 0,
    });
    await run('--user', '--', 'sh', '-c', vandal);
    expect(await unpackedContent(place)).toEqual(before);
    const again = await run('--', 'sh', '-c', 'cat /usr/share/odd-scribbler/text /usr/share/odd/shared');
    expect(again.stdout).toBe('text\nscribbled\nof plain\n');
  });

  test('an unpacked package that somebody has damaged by hand is unpacked again', async () => {
    await using place = await makePlace(engine);
    const run = (name: string) =>
      paseka(
        ['run', ...engine.from, '--packages', name, '--', 'sh', '-c', 'cat /usr/share/odd/shared'],
        place,
      );
    expect((await run('odd-plain')).stdout).toBe('of plain\n');
    const unpacked = join(place.state, 'unpacked');
    const { rm } = await import('node:fs/promises');
    for (const shard of await listDirectory(unpacked)) {
      for (const name of await listDirectory(join(unpacked, shard))) {
        await rm(join(unpacked, shard, name, 'data'), { recursive: true });
      }
    }
    expect((await run('odd-plain,hive-data')).stdout).toBe('of plain\n');
  });

  test('what was not on disk before a power failure is made again', async () => {
    await using place = await makePlace(engine);
    const run = () =>
      paseka(
        ['run', ...engine.from, '--packages', 'odd-plain', '--', 'sh', '-c', 'cat /usr/share/odd/shared'],
        place,
      );
    expect((await run()).stdout).toBe('of plain\n');
    const notes = join(place.state, 'unsettled');
    const [boot = ''] = await listDirectory(notes);
    expect(await listDirectory(join(notes, boot))).toEqual([]); // on disk when the program ends
    // as a power failure leaves it: the notes are there, and files have a name and no content
    const { mkdir, truncate, writeFile } = await import('node:fs/promises');
    const [layer = ''] = await listDirectory(join(place.state, 'layers'));
    const [shard = ''] = await listDirectory(join(place.state, 'unpacked'));
    const [digest = ''] = await listDirectory(join(place.state, 'unpacked', shard));
    await truncate(join(place.state, 'layers', layer, 'root/usr/share/odd/shared'));
    await truncate(join(place.state, 'layers', layer, 'layer.json'));
    await mkdir(join(notes, 'earlier'));
    for (const note of [`layers+${layer}`, `unpacked+${shard}+${digest}`, 'layers+neverMade']) {
      await writeFile(join(notes, 'earlier', note), '');
    }
    const after = await run();
    expect(after.stdout).toBe('of plain\n');
    expect(after.stderr).toContain('the machine stopped before 2 things were on disk');
    expect((await run()).stderr).not.toContain('the machine stopped');
  });

  test('what does not install is told by the script that failed, and leaves no layer', async () => {
    await using place = await makePlace(engine);
    const failed = await paseka(
      ['run', ...engine.from, '--packages', 'bad-installation,odd-plain', '--', 'true'],
      place,
    );
    expect(failed.status).not.toBe(0);
    expect(failed.stderr).toContain('bad-installation');
    expect(failed.stderr).toContain('no honey left');
    expect(await listDirectory(join(place.state, 'layers'))).toEqual([]);
  });

  test('gc keeps unpacked packages as long as a layer has them', async () => {
    await using place = await makePlace(engine);
    await paseka(['run', ...engine.from, '--packages', 'odd-plain', '--', 'true'], place);
    const count = async () => (await listDirectory(join(place.state, 'unpacked'))).length;
    await paseka(['gc', '--older-than', '1h'], place);
    expect(await count()).toBe(1);
    const limited = await paseka(['gc', '--older-than', '1h', '--max-layers', '1K'], place);
    expect(limited.stdout).toMatch(/^removed layer /m);
    expect(await listDirectory(join(place.state, 'layers'))).toEqual([]);
    expect(await count()).toBe(1);
    const { setTimeout: delay } = await import('node:timers/promises');
    await delay(1100);
    const { stdout } = await paseka(['gc', '--older-than', '1s', '--json'], place);
    expect(JSON.parse(stdout)).toMatchObject({
      removed: expect.arrayContaining([expect.objectContaining({ what: 'unpacked' })]),
    });
  });
});
