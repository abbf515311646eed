// SPDX-License-Identifier: GPL-2.0-or-later
import { appendFileSync, copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isPasekaError } from '../../src/base/paseka-error.ts';
import {
  formatRelation,
  type RelationKind,
  relationKinds,
  relationsOf,
} from '../../src/distro/rpm/header/header-dependencies.ts';
import { headerTypes } from '../../src/distro/rpm/header/header-entry.ts';
import { filesOf } from '../../src/distro/rpm/header/header-files.ts';
import { headerTags } from '../../src/distro/rpm/header/header-tags.ts';
import { numbersOf, textsOf } from '../../src/distro/rpm/header/header-values.ts';
import type { Header } from '../../src/distro/rpm/header/read-header.ts';
import { architectureProblem } from '../../src/distro/rpm/header/source-architectures.ts';
import { openRpmFile } from '../../src/distro/rpm/open-rpm-file.ts';
import { rpm } from '../../src/distro/rpm/rpm.ts';
import { compareEvr } from '../../src/distro/rpm/rpm-version.ts';
import { type BuiltRpms, buildRpms, oddSpec } from '../support/rpm/build-rpm.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

const payloads = ['w6.gzdio', 'w3.zstdio', 'w2.xzdio'] as const;

/** What `rpm --xml` lists besides the entries of the main header. */
const added: ReadonlySet<string> = new Set([
  'HEADERIMMUTABLE',
  'SIGSIZE',
  'SIGMD5',
  'SHA1HEADER',
  'SHA256HEADER',
  'ARCHIVESIZE',
]);

let place: TemporaryDirectory;
const built = new Map<string, BuiltRpms>();
let some: BuiltRpms;

beforeAll(async () => {
  place = await makeTemporaryDirectory();
  for (const payload of payloads) {
    const directory = join(place.path, payload);
    mkdirSync(directory);
    built.set(payload, await buildRpms(directory, oddSpec, [`_binary_payload ${payload}`]));
  }
  some = built.get('w3.zstdio') ?? { binaries: [], source: '' };
}, 120_000);

afterAll(() => place[Symbol.asyncDispose]());

test('every tag of real files is read as rpm reads it', async () => {
  for (const [path, kind] of allFiles()) {
    const { header } = await openRpmFile(path, kind);
    const theirs = parseXml(await query(path, ['--xml']));
    expect(theirs.size).toBeGreaterThan(30);
    const seen = new Set<string>();
    for (const [name, tag] of Object.entries(headerTags)) {
      const values = theirs.get(name);
      expect(header.entries.has(tag), `${name} of ${path}`).toBe(values !== undefined);
      if (values === undefined) continue;
      expect(readAll(header, tag), `${name} of ${path}`).toEqual(values);
      seen.add(name);
    }
    expect(seen.size).toBeGreaterThan(25);
    // the signed part is no entry here, and rpm adds what the signature header says
    const others = [...theirs.keys()].filter((name) => !added.has(name));
    expect(others.length).toBe(header.entries.size);
  }
});

test('dependencies are told as rpm tells them', async () => {
  const queries: Record<RelationKind, string> = {
    requires: '--requires',
    provides: '--provides',
    conflicts: '--conflicts',
    obsoletes: '--obsoletes',
    recommends: '--recommends',
    suggests: '--suggests',
    supplements: '--supplements',
    enhances: '--enhances',
  };
  for (const [path, kind] of allFiles()) {
    const { header } = await openRpmFile(path, kind);
    for (const relation of relationKinds) {
      const theirs = (await query(path, [queries[relation]])).split('\n').filter((line) => line !== '');
      const mine = relationsOf(header, relation).map(formatRelation);
      expect(mine.sort(), `${relation} of ${path}`).toEqual(theirs.sort());
    }
  }
});

test('files are told as rpm tells them', async () => {
  const format =
    '[%{FILENAMES}\t%{FILEMODES}\t%{LONGFILESIZES}\t%{FILEDIGESTS}\t%{FILELINKTOS}\t%{FILEUSERNAME}\t%{FILEGROUPNAME}\t%{FILEFLAGS}\t%{FILEINODES}\n]';
  for (const [path, kind] of allFiles()) {
    const { header } = await openRpmFile(path, kind);
    const mine = filesOf(header).map((file) =>
      [
        ...[file.path, file.mode, file.bytes, file.digest, file.target],
        ...[file.user, file.group, file.flags, file.inode],
      ].join('\t'),
    );
    const theirs = (await query(path, ['--qf', format])).split('\n').filter((line) => line !== '');
    expect(mine).toEqual(theirs);
  }
  const [, main = ''] = some.binaries;
  const { header } = await openRpmFile(main, 'binary');
  expect(filesOf(header).find(({ path }) => path === '/usr/bin/hive')?.capabilities).toContain('cap_net_raw');
});

test('versions are ordered as rpm orders them', async () => {
  const part = fc.stringMatching(/^[0-9a-zA-Z][0-9a-zA-Z.~^_+]{0,6}$/);
  const evr = fc
    .tuple(fc.constantFrom('', '0:', '1:', '12:'), part, fc.constantFrom('', '-', '-', '-'), part)
    .map(([epoch, version, hyphen, release]) => epoch + version + (hyphen === '' ? '' : hyphen + release));
  const random = fc.sample(fc.tuple(evr, evr), { numRuns: 3000, seed: 3 });
  const tails = fc.constantFrom('~', '^', '.', '0', 'a', '-1', '~1', '^1', '.0');
  const near = fc.sample(fc.tuple(evr, tails), { numRuns: 2000, seed: 4 });
  const pairs = [...random, ...near.map(([one, tail]) => [one, one + tail] as const)];
  const list = join(place.path, 'pairs');
  writeFileSync(list, pairs.map((pair) => `${pair.join(' ')}\n`).join(''));
  const lua = `orders = {}; for line in io.lines("${list}") do a, b = line:match("([^ ]+) ([^ ]+)"); table.insert(orders, rpm.vercmp(a, b)) end print(table.concat(orders, " "))`;
  const theirs = (await runTool(['rpm', '--eval', `%{lua:${lua}}`], { environment: { HOME: place.path } }))
    .trim()
    .split(' ')
    .map(Number);
  expect(theirs).toHaveLength(pairs.length);
  const mine = pairs.map(([a, b]) => compareEvr(a, b));
  const wrong = pairs.filter((_, index) => mine[index] !== theirs[index]);
  expect(wrong).toEqual([]);
});

test('packages of the user’s are opened, described and told apart by name', async () => {
  const [nothing = '', main = ''] = some.binaries;
  expect(await rpm.openLocalPackages(main)).toMatchObject([
    { name: 'hive', version: '3:1.5~rc1-alt2^git', fileName: expect.stringMatching(/^hive-1\.5.*\.rpm$/) },
  ]);
  const described = await rpm.describePackage(main);
  expect(described.relations.get('Requires')).toContain('(honey or sugar)');
  expect(Object.fromEntries(described.files)).toMatchObject({
    '/usr/bin/hive': { kind: 'file', mode: 'rwsr-xr-x', owner: 'root/root', bytes: 8 },
    '/usr/bin/hive-link': { kind: 'symlink', target: 'hive' },
    '/var/lib/hive': { kind: 'directory', mode: 'rwxrwxrwt', owner: 'nobody/nogroup' },
  });
  expect([...described.scripts.keys()]).toEqual([
    ...['pretrans', 'pre', 'post', 'preun', 'postun', 'posttrans', 'triggers'],
    ...['filetriggers', 'transfiletriggers'],
  ]);
  const empty = await rpm.describePackage(nothing);
  expect(empty).toMatchObject({ name: 'hive-nothing', architecture: 'noarch' });
  expect([empty.files.size, empty.scripts.size]).toEqual([0, 0]);
  expect(['a-1-1.x86_64.rpm', 'a-1-1.src.rpm', 'a-1-1.nosrc.rpm', 'log'].map(rpm.isPackageFile)).toEqual([
    ...[true, false, false, false],
  ]);
  const debug = ['a-debuginfo-1-1.x86_64.rpm', 'a-debugsource-1-1.x86_64.rpm'];
  expect(['a-1-1.x86_64.rpm', ...debug].map(rpm.isComparedPackage)).toEqual([true, false, false]);
});

test('sources of the user’s: a package, a directory, gear’s tar file', async () => {
  const version = '3:1.5~rc1-alt2^git';
  expect(await rpm.openLocalSource(some.source)).toEqual({
    kind: 'local',
    name: 'hive',
    version,
    paths: [some.source],
  });
  const directory = join(place.path, 'source');
  mkdirSync(join(directory, '.gear'), { recursive: true });
  writeFileSync(join(directory, 'hive.spec'), oddSpec);
  expect(await rpm.openLocalSource(directory)).toMatchObject({ kind: 'directory', name: 'hive', version });
  const tar = join(place.path, 'pkg.tar');
  await runTool(['tar', '--create', '--label', 'hive.spec', '--file', tar, 'hive.spec'], {
    workingDirectory: directory,
  });
  expect(await rpm.openLocalSource(tar)).toEqual({ kind: 'local', name: 'hive', version, paths: [tar] });
  const plain = join(place.path, 'plain.tar');
  await runTool(['tar', '--create', '--file', plain, './hive.spec'], { workingDirectory: directory });
  expect(await rpm.openLocalSource(plain)).toMatchObject({ name: 'hive' });
  writeFileSync(join(directory, 'other.spec'), oddSpec);
  expect(await codeOf(rpm.openLocalSource(directory))).toBe('bad-source-package');
  writeFileSync(join(directory, '.gear', 'rules'), 'tar: .\nspec: other.spec\n');
  expect(await rpm.openLocalSource(directory)).toMatchObject({ name: 'hive' });
  const { header } = await openRpmFile(some.source, 'source');
  expect(architectureProblem(header, 'x86_64')).toBeUndefined();
  expect(architectureProblem(header, 'riscv64')).toContain('ExclusiveArch');
  expect(architectureProblem(header, 's390x')).toBeDefined();
});

test('a repository of gear is refused where only gear makes its sources', async () => {
  const directory = join(place.path, 'gear');
  mkdirSync(join(directory, '.gear'), { recursive: true });
  const spec = (source: string): void =>
    writeFileSync(join(directory, 'comb.spec'), `Name: comb\nVersion: 1\n${source}\n%description\n`);
  const rules = (text: string): void => writeFileSync(join(directory, '.gear', 'rules'), text);
  spec('Source: %name-%version.tar');
  rules('tar: .\n');
  await expect(rpm.openLocalSource(directory)).rejects.toMatchObject({
    code: 'bad-source-package',
    message: expect.stringMatching(/: a repository of gear, .*: there is no comb-1\.tar$/) as string,
    hint: 'make a pkg.tar of it (gear --commit pkg.tar) and give that',
  });
  writeFileSync(join(directory, 'comb-1.tar'), '');
  expect(await rpm.openLocalSource(directory)).toMatchObject({ kind: 'directory', name: 'comb' });
  // what only rpm could tell is taken for one of those that gear makes, if it makes any
  spec('Source: %upstream.tar');
  expect(await codeOf(rpm.openLocalSource(directory))).toBe('bad-source-package');
  rules('copy: *.tar\n');
  expect(await rpm.openLocalSource(directory)).toMatchObject({ kind: 'directory', name: 'comb' });
});

test('files that are not what they say', async () => {
  const [, main = ''] = some.binaries;
  const spoilt = async (spoil: (path: string) => void): Promise<string | undefined> => {
    const path = join(place.path, 'spoilt.rpm');
    copyFileSync(main, path);
    spoil(path);
    return codeOf(rpm.openLocalPackages(path));
  };
  const change = (path: string, at: number): void => {
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    writeFileSync(path, bytes);
  };
  const { payloadStart, bytes } = await openRpmFile(main, 'binary');
  expect(await spoilt((path) => truncateSync(path, 50))).toBe('bad-binary-package');
  expect(await spoilt((path) => truncateSync(path, payloadStart - 10))).toBe('bad-binary-package');
  expect(await spoilt((path) => truncateSync(path, bytes - 1))).toBe('bad-binary-package');
  expect(await spoilt((path) => appendFileSync(path, 'x'))).toBe('bad-binary-package');
  expect(await spoilt((path) => change(path, payloadStart + 5))).toBe('bad-binary-package');
  expect(await spoilt((path) => change(path, payloadStart - 20))).toBe('bad-binary-package');
  expect(await spoilt((path) => writeFileSync(path, ''))).toBe('bad-binary-package');
  expect(await codeOf(rpm.openLocalPackages(some.source)), 'a source').toBe('bad-binary-package');
  expect(await codeOf(rpm.openLocalSource(main)), 'no source').toBe('bad-source-package');
  expect(await codeOf(rpm.openLocalSource(join(place.path, 'absent.src.rpm')))).toBe('bad-source-package');
  expect(await codeOf(rpm.openLocalSource(join(place.path, 'absent.tar')))).toBe('bad-source-package');
  const noTar = join(place.path, 'no.tar');
  writeFileSync(noTar, 'no tar');
  expect(await codeOf(rpm.openLocalSource(noTar))).toBe('bad-source-package');
});

function allFiles(): (readonly [path: string, kind: 'binary' | 'source'])[] {
  return [...built.values()].flatMap(({ binaries, source }) => [
    ...binaries.map((path) => [path, 'binary'] as const),
    [source, 'source'] as const,
  ]);
}

function query(path: string, words: readonly string[]): Promise<string> {
  return runTool(['rpm', '--query', '--package', '--nosignature', ...words, path], {
    environment: { HOME: place.path },
  });
}

/** Values of all tags by the tags' names in capitals, numbers as text and bytes in base64. */
function parseXml(text: string): Map<string, string[]> {
  const tags = new Map<string, string[]>();
  for (const [, name = '', body = ''] of text.matchAll(/<rpmTag name="(\w+)">([\s\S]*?)<\/rpmTag>/g)) {
    const values = [...body.matchAll(/<(string|integer|base64)>([\s\S]*?)<\/\1>|<(string|integer)\/>/g)];
    tags.set(
      name.toUpperCase(),
      values.map(([, kind, value = '']) =>
        kind === 'base64' ? value.replaceAll(/\s/g, '') : unescapeXml(value),
      ),
    );
  }
  return tags;
}

function unescapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };
  return text.replaceAll(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
}

function readAll(header: Header, tag: number): string[] {
  const entry = header.entries.get(tag);
  if (entry === undefined) return [];
  switch (entry.type) {
    case headerTypes.bytes:
      return [Buffer.from(entry.data).toString('base64')];
    case headerTypes.string:
    case headerTypes.stringArray:
    case headerTypes.translated:
      return [...textsOf(header, tag)];
    case headerTypes.char:
    case headerTypes.int8:
    case headerTypes.int16:
    case headerTypes.int32:
    case headerTypes.int64:
      return numbersOf(header, tag).map(String);
  }
}

async function codeOf(opening: Promise<unknown>): Promise<string | undefined> {
  try {
    await opening;
    return undefined;
  } catch (error) {
    if (isPasekaError(error)) return error.code;
    throw error;
  }
}
