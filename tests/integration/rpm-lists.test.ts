// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readHeaderList } from '../../src/distro/rpm/apt-rpm/header-list.ts';
import {
  type FileToList,
  packageListEntry,
  sourceListEntry,
} from '../../src/distro/rpm/apt-rpm/list-entry.ts';
import { listTags, packageListTags, sourceListTags } from '../../src/distro/rpm/apt-rpm/list-tags.ts';
import { readListedPackage } from '../../src/distro/rpm/apt-rpm/listed-package.ts';
import { relationKinds, relationsOf } from '../../src/distro/rpm/header/header-dependencies.ts';
import { filesOf, pathsOf } from '../../src/distro/rpm/header/header-files.ts';
import { openRpmFile } from '../../src/distro/rpm/open-rpm-file.ts';
import { hashFileAs } from '../../src/host/hash-file.ts';
import { readPackedFile } from '../../src/host/libsolv/read-packed-file.ts';
import { requires } from '../support/capabilities.ts';
import { type BuiltRpms, buildRpms, oddSpec } from '../support/rpm/build-rpm.ts';
import { type AddedTag, readListByLibrpm, writeListByLibrpm } from '../support/rpm/librpm-lists.ts';
import { rpmDistribution } from '../support/rpm/rpm-distribution.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

let place: TemporaryDirectory;
let built: BuiltRpms;

beforeAll(async () => {
  place = await makeTemporaryDirectory();
  mkdirSync(join(place.path, 'built'));
  built = await buildRpms(join(place.path, 'built'), oddSpec);
}, 60_000);

afterAll(() => place[Symbol.asyncDispose]());

test('lists are byte by byte what librpm writes, and it reads them', async () => {
  const files = await Promise.all(built.binaries.map((path) => fileToList(path, 'RPMS.comb')));
  const source = await fileToList(built.source, './SRPMS.comb', 'source');
  const binaries = ['hive', 'hive-nothing'];
  const mine = [...files.map(packageListEntry), sourceListEntry(source, binaries)];
  const theirs = join(place.path, 'theirs');
  writeListByLibrpm(theirs, [
    ...built.binaries.map((file, index) => ({
      file,
      kept: packageListTags,
      added: added(files[index] as FileToList),
    })),
    { file: built.source, kept: sourceListTags, added: [...added(source), [listTags.BINARY, binaries]] },
  ]);
  expect(Buffer.concat(mine).equals(readFileSync(theirs))).toBe(true);
  const list = join(place.path, 'mine');
  writeFileSync(list, Buffer.concat(mine));
  expect(readListByLibrpm(list, listTags.FILENAME)).toEqual(
    [...files, source].map(({ fileName }) => [
      fileName.startsWith('hive-nothing') ? 'hive-nothing' : 'hive',
      fileName,
    ]),
  );
});

requires('root', 'mirror')('of a whole distribution', () => {
  test('lists are byte by byte what librpm writes', async () => {
    const { repository, sources } = await rpmDistribution();
    const [packages, sourcePackages] = [repository, sources].map((directory) =>
      globSync(join(directory, '**/*.rpm')).toSorted(),
    ) as [string[], string[]];
    expect(packages.length).toBeGreaterThan(150);
    expect(sourcePackages.length).toBeGreaterThan(10);
    const files = await Promise.all(packages.map((path) => fileToList(path, 'RPMS.meadow')));
    const sourceFiles = await Promise.all(
      sourcePackages.map((path) => fileToList(path, 'SRPMS.meadow', 'source')),
    );
    const binaries = ['hive'];
    const mine = [
      ...files.map(packageListEntry),
      ...sourceFiles.map((file) => sourceListEntry(file, binaries)),
    ];
    const theirs = join(place.path, 'all');
    writeListByLibrpm(theirs, [
      ...packages.map((file, index) => ({
        file,
        kept: packageListTags,
        added: added(files[index] as FileToList),
      })),
      ...sourcePackages.map((file, index) => ({
        file,
        kept: sourceListTags,
        added: [...added(sourceFiles[index] as FileToList), [listTags.BINARY, binaries] as const],
      })),
    ]);
    expect(Buffer.concat(mine).equals(readFileSync(theirs))).toBe(true);
  });
});

test('what a list says of a package is what the package says', async () => {
  for (const [path, kind] of [
    ...built.binaries.map((one) => [one, 'binary'] as const),
    [built.source, 'source'] as const,
  ]) {
    const file = await fileToList(path, kind === 'binary' ? 'RPMS.comb' : '../SRPMS.comb', kind);
    const entry = kind === 'binary' ? packageListEntry(file) : sourceListEntry(file, ['hive']);
    const [header, ...more] = readHeaderList(entry);
    expect(more).toEqual([]);
    if (header === undefined) throw new Error('nothing was read');
    const listed = readListedPackage(header, kind);
    const { name, version, architecture, sourceFileName, fileName, bytes, md5, binaries } = listed;
    expect({ name, version, architecture, sourceFileName, fileName, bytes, md5, binaries }).toEqual({
      name: path.includes('nothing') ? 'hive-nothing' : 'hive',
      version: '3:1.5~rc1-alt2^git',
      architecture: path.includes('nothing') ? 'noarch' : 'x86_64',
      sourceFileName: kind === 'source' ? undefined : basename(built.source),
      fileName: basename(path),
      bytes: readFileSync(path).length,
      md5: await hashFileAs('md5', path),
      binaries: kind === 'source' ? ['hive'] : [],
    });
    expect(listed.path).toBe(`${file.directory}/${fileName}`);
    const whole = file.header;
    for (const relation of relationKinds) {
      const isListed = relation === 'requires' || (kind === 'binary' && !weak.has(relation));
      expect(relationsOf(header, relation), `${relation} of ${path}`).toEqual(
        isListed ? relationsOf(whole, relation) : [],
      );
    }
    if (kind === 'binary') expect(pathsOf(header)).toEqual(filesOf(whole).map((one) => one.path));
  }
});

test('a packed list is read as the plain one, and refused where it is damaged', async () => {
  const files = await Promise.all(built.binaries.map((path) => fileToList(path, 'RPMS.comb')));
  const content = Buffer.concat(files.map(packageListEntry));
  const path = join(place.path, 'pkglist.comb');
  writeFileSync(path, content);
  await runTool(['bzip2', '--keep', path]);
  await runTool(['xz', '--keep', path]);
  await runTool(['zstd', '--quiet', path, '-o', `${path}.zst`]);
  const lengths: number[] = [];
  for (const extension of ['', '.bz2', '.xz', '.zst']) {
    expect(content.equals(readPackedFile(`${path}${extension}`, content.length)), extension).toBe(true);
    expect(() => readPackedFile(`${path}${extension}`, content.length - 1)).toThrow('has more than');
    const packed = readFileSync(`${path}${extension}`);
    lengths.push(packed.length);
    if (extension === '') continue;
    const broken = join(place.path, `broken${extension}`);
    writeFileSync(broken, packed.subarray(0, packed.length - 20));
    expect(() => readPackedFile(broken, content.length), extension).toThrow('is damaged');
  }
  expect(Math.max(...lengths.slice(1))).toBeLessThan(content.length);
});

/** No list of apt-rpm has them. */
const weak: ReadonlySet<string> = new Set(['recommends', 'suggests', 'supplements', 'enhances']);

async function fileToList(
  path: string,
  directory: string,
  kind: 'binary' | 'source' = 'binary',
): Promise<FileToList> {
  const { header, bytes } = await openRpmFile(path, kind);
  return { header, directory, fileName: basename(path), bytes, md5: await hashFileAs('md5', path) };
}

function added({ directory, fileName, bytes, md5 }: FileToList): AddedTag[] {
  return [
    [listTags.DIRECTORY, directory],
    [listTags.FILENAME, fileName],
    [listTags.FILESIZE, bytes],
    [listTags.MD5, md5],
  ];
}
