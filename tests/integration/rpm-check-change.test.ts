// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileChanges } from '../../src/campaign/change/change-report.ts';
import type { ArchiveComparison } from '../../src/distro/archive-check.ts';
import type { ElfSymbol } from '../../src/elf/elf-object.ts';
import { smallElf, smallSymbol, writeSmallElf } from '../../src/elf/small-elf.ts';
import { requires } from '../support/capabilities.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { buildPackageOfFiles, type PackageOfFiles } from '../support/rpm/package-of-files.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

const architecture = 'x86_64';

const offered = (...names: readonly string[]): Uint8Array =>
  writeSmallElf(smallElf({ soname: 'libbee.so.1', symbols: names.map((name) => smallSymbol(name)) }));

const wanting = (...names: readonly string[]): Uint8Array => {
  const symbols: ElfSymbol[] = names.map((name) => smallSymbol(name, { isDefined: false }));
  return writeSmallElf(smallElf({ needed: ['libbee.so.1'], symbols }));
};

const library = (version: string, ...names: readonly string[]): PackageOfFiles => ({
  name: 'libbee1',
  version,
  architecture,
  provides: ['libbee.so.1()(64bit)'],
  files: { '/usr/lib/libbee.so.1': offered(...names), '/usr/share/bee': 'bee\n' },
});

const user = (name: string, version: string, ...names: readonly string[]): PackageOfFiles => ({
  name,
  version,
  architecture,
  requires: ['libbee.so.1()(64bit)'],
  files: { [`/usr/bin/${name}`]: wanting(...names) },
});

requires('root', 'overlayfs')('what a change does to a repository of RPM packages', () => {
  test('lost and undefined symbols, files of two packages, unmet dependencies; only what is new', async () => {
    await using scratch = await makeTemporaryDirectory('scratch-');
    const at = (name: string): string => {
      mkdirSync(join(scratch.path, name), { recursive: true });
      return join(scratch.path, name);
    };
    const place = { state: at('state') };
    const repository = at('repository');
    for (const one of [
      library('1', 'buzz', 'sting'),
      user('hive', '1', 'buzz', 'sting'),
      user('garden', '1', 'buzz'),
      user('nest', '1', 'buzz', 'never_there'),
      { name: 'broken', files: { '/usr/share/broken': '' }, requires: ['what-nobody-has'] },
    ]) {
      await buildPackageOfFiles(one, repository);
    }
    await runTool(['createrepo_c', '--quiet', repository]);
    const own = at('own');
    await buildPackageOfFiles(library('2', 'buzz'), own);
    await buildPackageOfFiles(user('nest', '2', 'buzz', 'never_there', 'hum'), own);
    // one file is the same for rpm as another package's, and two are not
    const files = {
      '/usr/bin/garden': 'a script\n',
      '/usr/share/bee': 'bee\n',
      '/usr/bin/hive': 'another\n',
    };
    await buildPackageOfFiles({ name: 'wasp', files }, own);
    const check = (after: string, status: number, ...words: readonly string[]) =>
      pasekaJson<FileChanges & ArchiveComparison>(
        ['check', '--repo', repository, '--after', after, ...words],
        status,
        place,
      );

    const found = await check(own, 1, '--fetch');
    const named = (name: string, version: string) => ({ package: name, version, architecture });
    expect(found).toMatchObject({ unmet: [], uninstallable: [], notLookedAt: [] });
    expect(found.lostSymbols).toEqual([
      {
        ...named('libbee1', '2-1'),
        library: 'libbee.so.1',
        symbols: ['sting'],
        users: [{ ...named('hive', '1-1'), file: '/usr/bin/hive', symbols: ['sting'] }],
      },
    ]);
    expect(found.undefinedSymbols).toEqual([
      { ...named('nest', '2-1'), file: '/usr/bin/nest', symbols: ['hum'] },
    ]);
    const wasp = { package: 'wasp', version: '1-1', architecture: 'noarch' };
    // by now all are unpacked here
    expect((await check(own, 1)).fileClashes).toEqual([
      { path: '/usr/bin/garden', changed: wasp, other: named('garden', '1-1') },
      { path: '/usr/bin/hive', changed: wasp, other: named('hive', '1-1') },
    ]);

    // another library in its place: all that need the old one have an unmet dependency, and one had it before
    const newer = at('newer');
    const provides = ['libbee.so.2()(64bit)'];
    await buildPackageOfFiles({ ...library('3', 'buzz'), provides }, newer);
    const unmet = await check(newer, 1, '--fetch');
    expect(unmet.unmet.map(({ package: name, dependency }) => `${name}: ${dependency}`)).toEqual([
      'garden: libbee.so.1()(64bit)',
      'hive: libbee.so.1()(64bit)',
      'nest: libbee.so.1()(64bit)',
    ]);
    const people = await paseka(['check', '--repo', repository, '--after', newer], place);
    expect(people.stdout).toContain('libbee.so.1()(64bit)');

    const better = await buildPackageOfFiles(
      library('4', 'buzz', 'sting', 'hum', 'never_there'),
      at('better'),
    );
    expect(await check(better, 0, '--fetch')).toMatchObject({
      ...{ unmet: [], uninstallable: [], unsatisfiable: [] },
      ...{ lostSymbols: [], undefinedSymbols: [], fileClashes: [] },
    });
  });
});
