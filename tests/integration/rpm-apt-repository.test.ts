// SPDX-License-Identifier: GPL-2.0-or-later
import {
  copyFileSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ArchiveCheck } from '../../src/distro/archive-check.ts';
import { listTags } from '../../src/distro/rpm/apt-rpm/list-tags.ts';
import { parseAptRpmRelease, splitRelease } from '../../src/distro/rpm/apt-rpm/release-file.ts';
import { type AptRpmRequest, makeAptRpmRepository } from '../../src/distro/rpm/make-apt-rpm-repository.ts';
import { rpm } from '../../src/distro/rpm/rpm.ts';
import { signatureProblem } from '../../src/distro/rpm/verify-signature.ts';
import { readPackedFile } from '../../src/host/libsolv/read-packed-file.ts';
import { pasekaJson } from '../support/paseka.ts';
import { type BuiltRpms, buildRpms, oddSpec } from '../support/rpm/build-rpm.ts';
import { freezeMade } from '../support/rpm/freeze-made.ts';
import { readListByLibrpm } from '../support/rpm/librpm-lists.ts';
import { runTool } from '../support/run-tool.ts';
import { makeSigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

let place: TemporaryDirectory;
let built: BuiltRpms;

beforeAll(async () => {
  place = await makeTemporaryDirectory();
  mkdirSync(join(place.path, 'built'));
  built = await buildRpms(join(place.path, 'built'), oddSpec);
}, 60_000);

afterAll(() => place[Symbol.asyncDispose]());

test('a repository has all packages, lists that librpm reads, and digests of everything', async () => {
  const directory = await make('whole');
  const at = (name: string): string => join(directory, 'x86_64', name);
  const names = built.binaries.map((path) => basename(path)).sort();
  expect(readdirSync(at('RPMS.paseka')).sort()).toEqual(names);
  expect(readdirSync(at('SRPMS.paseka'))).toEqual([basename(built.source)]);
  // no second copy of what is on the same file system
  for (const path of built.binaries) {
    expect(statSync(at(`RPMS.paseka/${basename(path)}`)).ino).toBe(statSync(path).ino);
  }
  const packages = readListByLibrpm(at('base/pkglist.paseka'), listTags.FILENAME);
  expect(packages.map(([, fileName]) => fileName)).toEqual(names);
  expect(readListByLibrpm(at('base/srclist.paseka'), listTags.FILENAME)).toEqual([
    ['hive', basename(built.source)],
  ]);
  const release = parseAptRpmRelease(readFileSync(at('base/release'), 'utf8'));
  expect(release.components).toEqual(['paseka']);
  const listed = [...release.files.keys()].sort();
  expect(listed).toEqual(
    readdirSync(at('base'))
      .filter((name) => name !== 'release')
      .map((name) => `base/${name}`)
      .sort(),
  );
  expect(listed).toContain('base/pkglist.paseka.bz2');
  for (const [path, { bytes, digests }] of release.files) {
    expect(statSync(at(path)).size).toBe(bytes);
    expect(await digest('md5sum', at(path))).toBe(digests.md5);
    expect(await digest('b2sum', at(path))).toBe(digests.blake2b512);
  }
  for (const list of ['pkglist', 'srclist']) {
    const plain = readFileSync(at(`base/${list}.paseka`));
    for (const extension of ['bz2', 'xz']) {
      const packed = readPackedFile(at(`base/${list}.paseka.${extension}`), plain.length);
      expect(plain.equals(packed)).toBe(true);
    }
  }
});

test('a repository made again is exchanged at once, and the same packages give the same bytes', async () => {
  const directory = await make('again');
  const first = readlinkSync(join(directory, 'x86_64'));
  const release = readFileSync(join(directory, 'x86_64', 'base', 'release'));
  await make('again');
  const second = readlinkSync(join(directory, 'x86_64'));
  expect(second).not.toBe(first);
  expect(readFileSync(join(directory, 'x86_64', 'base', 'release')).equals(release)).toBe(true);
  expect(readdirSync(directory).sort()).toEqual([second, 'x86_64'].sort());
  // what can't be made leaves what was there
  const broken = join(place.path, 'broken.rpm');
  copyFileSync(built.binaries[0] ?? '', broken);
  truncateSync(broken, 3000);
  await expect(make('again', { packages: [{ fileName: 'broken.rpm', path: broken }] })).rejects.toThrow(
    'broken.rpm',
  );
  expect(readlinkSync(join(directory, 'x86_64'))).toBe(second);
  expect(readdirSync(directory).sort()).toEqual([second, 'x86_64'].sort());
});

test('a repository without any package is one', async () => {
  const directory = await make('empty', { packages: [], sources: [] });
  const base = join(directory, 'x86_64', 'base');
  expect(statSync(join(base, 'pkglist.paseka')).size).toBe(0);
  expect(readPackedFile(join(base, 'srclist.paseka.xz'), 0).length).toBe(0);
});

test('a release file that is signed as the directions say vouches for exactly what stands before the signature', async () => {
  const base = join(await make('signed'), 'x86_64', 'base');
  const release = join(base, 'release');
  const key = join(place.path, 'gpg');
  await using signing = await makeSigningKey(key);
  await signing.detachSign(release, `${release}.asc`);
  await runTool(['sh', '-c', 'cat "$0.asc" >>"$0"', release]);
  const { signed, signature } = splitRelease(readFileSync(release, 'utf8'));
  const check = async (text: string): Promise<string | undefined> => {
    writeFileSync(join(place.path, 'text'), text);
    writeFileSync(join(place.path, 'signature'), signature ?? '');
    return signatureProblem(join(place.path, 'text'), join(place.path, 'signature'), signing.keyring);
  };
  expect(await check(signed)).toBeUndefined();
  expect(await check(signed.replace('pkglist', 'pkgliar'))).toMatch(/BAD signature/i);
  expect(parseAptRpmRelease(signed).files.size).toBe(7);

  // and this program takes it by that key
  const list = join(place.path, 'sources.list');
  writeFileSync(list, `rpm [somebody] file:${join(place.path, 'signed')} x86_64 paseka\n`);
  const words = ['check', '--sources', list, '--keyring', join(key, 'public.asc')];
  const state = { state: join(place.path, 'state') };
  const found = await pasekaJson<ArchiveCheck>(words, 1, state);
  expect(found.uninstallable.map((one) => one.package)).toEqual(['hive']);
  expect(found.unsatisfiable.map((one) => one.source)).toEqual(['hive']);
});

test('one directory is a repository for dnf and for apt-rpm, with the same packages and no copies', async () => {
  const directory = join(place.path, 'both');
  const file = (path: string) => ({ source: 'hive', fileName: basename(path), path });
  const request = {
    directory,
    suite: 'comb',
    architecture: 'x86_64',
    description: 'what a test made',
    packages: built.binaries.map(file),
    sources: [file(built.source)],
  };
  expect(await rpm.makeRepository(request)).toEqual({ packages: built.binaries.length, sources: 1 });
  const frozen = await freezeMade(
    [{ uri: `file://${directory}`, suite: 'both' }],
    join(place.path, 'frozen'),
  );
  const catalog = await rpm.openCatalog(frozen);
  expect([...catalog.packageNames()].sort()).toEqual(['hive', 'hive-nothing']);
  expect([...catalog.sourceNames()]).toEqual(['hive']);
  const packages = readListByLibrpm(join(directory, 'x86_64/base/pkglist.paseka'), listTags.FILENAME);
  expect(packages.map(([name]) => name).sort()).toEqual(['hive', 'hive-nothing']);
  const inodes = (pattern: string): number[] =>
    globSync(pattern, { cwd: directory })
      .map((path) => statSync(join(directory, path)).ino)
      .sort();
  expect(inodes('x86_64/RPMS.paseka/*')).toEqual(inodes('packages/*/*/*'));
  expect(inodes('x86_64/SRPMS.paseka/*')).toEqual(inodes('source/*/*/*'));
  await rpm.makeRepository({ ...request, packages: request.packages.slice(0, 1) });
  expect(inodes('x86_64/RPMS.paseka/*')).toHaveLength(1);
  expect(inodes('packages/*/*/*')).toHaveLength(1);
});

async function make(name: string, other: Partial<AptRpmRequest> = {}): Promise<string> {
  const directory = join(place.path, name);
  mkdirSync(directory, { recursive: true });
  const placed = (paths: readonly string[]): AptRpmRequest['packages'] =>
    paths.map((path) => ({ fileName: basename(path), path }));
  await makeAptRpmRepository({
    directory,
    suite: 'comb',
    architecture: 'x86_64',
    description: 'what a test made',
    packages: placed(built.binaries),
    sources: placed([built.source]),
    ...other,
  });
  return directory;
}

async function digest(tool: string, path: string): Promise<string> {
  return (await runTool([tool, path])).split(' ')[0] ?? '';
}
