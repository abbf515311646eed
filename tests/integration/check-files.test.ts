// SPDX-License-Identifier: GPL-2.0-or-later
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FileChanges } from '../../src/campaign/change/change-report.ts';
import { debian } from '../../src/distro/deb/debian.ts';
import type { ElfSymbol } from '../../src/elf/elf-object.ts';
import { smallElf, smallSymbol, writeSmallElf } from '../../src/elf/small-elf.ts';
import { requires } from '../support/capabilities.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { makeBinaryPackage, type SmallBinary } from '../support/small-packages.ts';
import { SmallRepository } from '../support/small-repository.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { sourcesText } from '../support/test-repository.ts';

const offered = (...names: readonly string[]): Uint8Array =>
  writeSmallElf(smallElf({ soname: 'libbee.so.1', symbols: names.map((name) => smallSymbol(name)) }));

const wanting = (...names: readonly string[]): Uint8Array => {
  const symbols: ElfSymbol[] = names.map((name) => smallSymbol(name, { isDefined: false }));
  return writeSmallElf(smallElf({ needed: ['libbee.so.1'], symbols }));
};

requires('root', 'overlayfs')('the files of a change', () => {
  test('lost and undefined symbols, and files of two packages; only what is new', async () => {
    const architecture = await debian.hostArchitecture();
    await using small = await SmallRepository.make({ architecture });
    await using scratch = await makeTemporaryDirectory('scratch-');
    const place = { state: join(scratch.path, 'state') };
    const sources = join(scratch.path, 'own.sources');
    writeFileSync(sources, sourcesText(`file:${small.directory}`, small.key.keyring));
    const library = (version: string, ...names: readonly string[]): SmallBinary => ({
      name: 'libbee1',
      version,
      architecture,
      files: { '/usr/lib/libbee.so.1': offered(...names), '/usr/share/bee': 'bee\n' },
    });
    const user = (name: string, version: string, ...names: readonly string[]): SmallBinary => ({
      name,
      version,
      architecture,
      files: { [`/usr/bin/${name}`]: wanting(...names), [`/bin/${name}-link`]: '' },
      fields: { Depends: 'libbee1' },
    });
    await small.addBinary(library('1', 'buzz', 'sting'));
    await small.addBinary(user('hive', '1', 'buzz', 'sting'));
    await small.addBinary(user('garden', '1', 'buzz'));
    await small.addBinary(user('nest', '1', 'buzz', 'never_there'));
    await small.publish();

    const own = join(scratch.path, 'own');
    await makeBinaryPackage(library('2', 'buzz'), own);
    await makeBinaryPackage(user('nest', '2', 'buzz', 'never_there', 'hum'), own);
    const twice = {
      '/usr/bin/garden': 'a script\n',
      '/usr/bin/hive': 'another\n',
      '/usr/share/bee': 'wasp\n',
    };
    await makeBinaryPackage({ name: 'wasp', files: twice, fields: { Replaces: 'hive (<< 2)' } }, own);
    const check = (...words: readonly string[]): Promise<FileChanges> =>
      pasekaJson(['check', '--sources', sources, '--after', own, ...words], 1, place);

    const atHand = await check();
    expect(atHand.notLookedAt.map((one) => one.package)).toEqual(['garden', 'hive']);
    expect(atHand.lostSymbols).toMatchObject([{ package: 'libbee1', symbols: ['sting'], users: [] }]);
    const all = await check('--fetch');
    const named = (name: string, version: string) => ({ package: name, version, architecture });
    expect(all).toMatchObject({ unmet: [], uninstallable: [], notLookedAt: [] });
    expect(all.lostSymbols).toEqual([
      {
        ...named('libbee1', '2'),
        library: 'libbee.so.1',
        symbols: ['sting'],
        users: [{ ...named('hive', '1'), file: '/usr/bin/hive', symbols: ['sting'] }],
      },
    ]);
    expect(all.undefinedSymbols).toEqual([
      { ...named('nest', '2'), file: '/usr/bin/nest', symbols: ['hum'] },
    ]);
    const wasp = { package: 'wasp', version: '1.0', architecture: 'all' };
    const again = await check();
    expect(again.fileClashes).toEqual([
      { path: '/usr/bin/garden', changed: wasp, other: named('garden', '1') },
      { path: '/usr/share/bee', changed: named('libbee1', '2'), other: wasp },
    ]);
    expect(again.lookedAt).toEqual({ changed: 3, others: 2, allOthers: 2 });

    const people = await paseka(['check', '--sources', sources, '--after', own], place);
    expect(people.stdout).toMatch(
      /^libbee1 2 +libbee\.so\.1 +sting\n +used by hive 1 +\/usr\/bin\/hive sting$/m,
    );
    expect(people.stdout).toContain('looked at the files of 3 changed packages and of 2 of 2 others');
    const fine = await makeBinaryPackage(library('3', 'buzz', 'sting', 'hum'), scratch.path);
    const better = await pasekaJson<FileChanges>(
      ['check', '--sources', sources, '--after', fine, '--fetch'],
      0,
      place,
    );
    expect(better).toMatchObject({ lostSymbols: [], undefinedSymbols: [], fileClashes: [] });
  });
});
