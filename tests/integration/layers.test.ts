// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { listDirectory, readText } from '../../src/host/files.ts';
import { walkTree } from '../../src/host/tree-walk.ts';
import { type Layer, readLayers } from '../../src/layers/layer-description.ts';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { oddBinaries, userBinaries } from '../support/odd-packages.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { furtherPackages } from '../support/test-packages.ts';
import { fingerprintTree } from '../support/tree-fingerprint.ts';

interface Compared {
  readonly equal: boolean;
  readonly made: 'linked' | 'installed';
  readonly packages: number;
  readonly paths: number;
  readonly differences: readonly unknown[];
}

/** Each file that these packages were made of, one line: path, permissions, owner, content. */
function filesOf(names: readonly string[]): string[] {
  const lines = oddBinaries.flatMap(({ name, files = {}, modes = {}, executables = [] }) => {
    if (!names.includes(name)) return [];
    return Object.entries(files).map(([path, content]) => {
      const mode = modes[path] ?? (executables.includes(path) ? 0o755 : 0o644);
      return `${path} ${mode.toString(8)} 0:0 ${Buffer.from(content).toString()}`;
    });
  });
  return lines.sort();
}

async function pathsIn(directory: string): Promise<string[]> {
  return (await listDirectory(directory)).map((name) => join(directory, name));
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
  const unpackedPackages = async (place: Place): Promise<string[]> => {
    const unpacked = join(place.state, 'unpacked');
    const shards = (await listDirectory(unpacked)).map((shard) => join(unpacked, shard));
    return (await Promise.all(shards.map(pathsIn))).flat();
  };
  /** Each file that the unpacked packages have, as {@link filesOf} has it. */
  const unpackedFiles = async (place: Place): Promise<string[]> => {
    const lines: string[] = [];
    for (const data of (await unpackedPackages(place)).map((path) => join(path, 'data'))) {
      for await (const { path, stats } of walkTree(data)) {
        if (!stats.isFile()) continue;
        const mode = (Number(stats.mode) & 0o7777).toString(8);
        lines.push(`/${path} ${mode} ${stats.uid}:${stats.gid} ${await readText(join(data, path))}`);
      }
    }
    return lines.sort();
  };

  test('all that packages may do gives what apt gives, at once and over a layer that has a part', async () => {
    await using atOnce = await makePlace(engine);
    const names = oddBinaries.map(({ name }) => name);
    const installed = names.length + furtherPackages.length;
    const whole = await compare(atOnce, names);
    expect(whole).toMatchObject({ equal: true, differences: [], made: 'linked', packages: installed });
    expect(whole.paths).toBeGreaterThan(5000);

    await using inParts = await makePlace(engine);
    const first = names.filter((_, index) => index % 2 === 0);
    await compare(inParts, first);
    expect(await compare(inParts, names)).toMatchObject({
      equal: true,
      made: 'linked',
      packages: installed,
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

  test('a directory has the attributes of the package that apt has unpacked first, whatever layers are there', async () => {
    await using place = await makePlace(engine);
    const contested = await compare(place, ['odd-directory']);
    expect(contested).toMatchObject({ equal: true, differences: [], made: 'installed', packages: 2 });
    const lower = ['odd-directory-maker', 'odd-plain'];
    for (const more of [[], ['odd-directory-needed'], ['odd-modes', 'odd-alternative']]) {
      const compared = await compare(place, [...lower, ...more]);
      expect(compared).toMatchObject({ equal: true, differences: [], made: 'linked' });
    }
    const layers = await layersOf(place);
    const parentOf = (count: number) => layers.find(({ packages }) => packages.length === count)?.parent;
    expect(parentOf(3)).toBeNull();
    // what has nothing to say of that directory may lie over it
    expect(parentOf(4)).toEqual(expect.any(String));
  });

  test("what a script says of another package's paths gives what apt gives, whichever is there", async () => {
    const whole = ['odd-plain', 'odd-reserved', 'odd-reserving'];
    for (const first of ['odd-reserving', 'odd-reserved']) {
      await using place = await makePlace(engine);
      const lower = ['odd-plain', first];
      await paseka(['run', ...engine.from, '--packages', lower.join(), '--', 'true'], place);
      expect(await compare(place, whole)).toMatchObject({ equal: true, differences: [], made: 'linked' });
      const other = [...lower, 'odd-modes', 'odd-alternative'];
      await paseka(['run', ...engine.from, '--packages', other.join(), '--', 'true'], place);
      const layers = await layersOf(place);
      const parentOf = (count: number) => layers.find(({ packages }) => packages.length === count)?.parent;
      if (first === 'odd-reserving') expect(parentOf(whole.length)).toBeNull();
      else expect(parentOf(whole.length)).toEqual(expect.any(String));
      expect(parentOf(other.length)).toEqual(expect.any(String));
    }
  });

  test('nothing is written through a link: by a maintainer script, root or the build user', async () => {
    await using place = await makePlace(engine);
    const packages = ['odd-scribbler', 'odd-owner', 'odd-plain', 'odd-conffile-script'];
    const run = (as: 'root' | 'builder', script: string) =>
      paseka(
        ['run', ...engine.from, '--packages', packages.join(), '--as', as, '--', 'sh', '-ec', script],
        place,
      );
    const look = 'cat /usr/share/odd-scribbler/text /usr/share/odd-scribbler/open /usr/share/odd/shared';
    const asInstalled = { status: 0, stdout: 'text\nscribbled\nopen\nof plain\n' };
    expect(await run('root', look)).toMatchObject(asInstalled);
    expect(await unpackedFiles(place)).toEqual(filesOf(packages));
    const before = await unpackedContent(place);

    const files =
      'text open emptied mode ../odd/shared /bin/odd-plain /usr/bin/odd-owner /etc/odd/second.conf';
    const vandal = [
      `cd /usr/share/odd-scribbler; for f in ${files}`,
      'do echo vandal >> $f; chmod 777 $f; chown 1000:1000 $f; touch -d 2002-02-02 $f; ln -f $f $f.more; : > $f; done',
      'echo vandal > text; cat text; rm -rf /usr/share/odd; ls /usr/share | grep odd',
    ].join('; ');
    expect(await run('root', vandal)).toMatchObject({ status: 0, stdout: 'vandal\nodd-scribbler\n' });
    expect(await unpackedContent(place)).toEqual(before);

    const visitor = [
      'cd /usr/share/odd-scribbler; id -un; for f in text ../odd/shared /bin/odd-plain /etc/odd/second.conf',
      'do { echo visitor >> $f; } 2> /dev/null || echo kept; chmod 777 $f 2> /dev/null || echo kept; done',
      'rm -rf /usr/share/odd 2> /dev/null || echo kept; echo visitor >> open; cat open',
    ].join('; ');
    const kept = 'kept\n'.repeat(9);
    expect(await run('builder', visitor)).toMatchObject({
      status: 0,
      stdout: `builder\n${kept}open\nvisitor\n`,
    });
    expect(await unpackedContent(place)).toEqual(before);
    expect(await run('root', look)).toMatchObject(asInstalled);
  });

  test('an unpacked package that somebody has damaged by hand is unpacked again', async () => {
    await using place = await makePlace(engine);
    const run = (name: string) =>
      paseka(
        ['run', ...engine.from, '--packages', name, '--', 'sh', '-c', 'cat /usr/share/odd/shared'],
        place,
      );
    expect((await run('odd-plain')).stdout).toBe('of plain\n');
    for (const path of await unpackedPackages(place)) await rm(join(path, 'data'), { recursive: true });
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

  test('gc keeps unpacked packages, however old, as long as a layer has them', async () => {
    await using place = await makePlace(engine);
    await paseka(['run', ...engine.from, '--packages', 'odd-plain', '--', 'true'], place);
    const count = async () => (await unpackedPackages(place)).length;
    const lastUsed = async (ago: number) => {
      const then = Date.now() / 1000 - ago;
      for (const path of await unpackedPackages(place)) await utimes(path, then, then);
    };
    const old = 7200;
    await lastUsed(old);
    await paseka(['gc', '--older-than', '1h'], place);
    expect(await layersOf(place)).toHaveLength(1);
    expect(await count()).toBe(1);

    await lastUsed(0);
    const limited = await paseka(['gc', '--older-than', '1h', '--max-layers', '1K'], place);
    expect(limited.stdout).toMatch(/^removed layer /m);
    expect(await layersOf(place)).toEqual([]);
    expect(await count()).toBe(1);

    await lastUsed(old);
    const { stdout } = await paseka(['gc', '--older-than', '1h', '--json'], place);
    expect(JSON.parse(stdout)).toMatchObject({ removed: [{ what: 'unpacked' }] });
    expect(await count()).toBe(0);
  });
});
