// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { catalogFromText } from './catalog-from-text.ts';

const digest = 'a'.repeat(64);
const binary = (name: string, source: string, provides = ''): string =>
  `Package: ${name}\nSource: ${source} (1)\nVersion: 2\nArchitecture: amd64\n${provides === '' ? '' : `Provides: ${provides}\n`}Filename: x\nSize: 1\nSHA256: ${digest}\n`;
const source = (name: string, needs: string): string =>
  `Package: ${name}\nVersion: 1\nArchitecture: any\nDirectory: d\nBuild-Depends: ${needs}\nChecksums-Sha256:\n ${digest} 1 ${name}.dsc\n`;

const catalog = catalogFromText([
  {
    kind: 'packages',
    text: [
      binary('debhelper', 'debhelper', 'debhelper-compat (= 13)'),
      binary('libwax1', 'wax'),
      binary('libwax-dev', 'wax'),
      binary('candle-tools', 'candle', 'light'),
    ].join('\n'),
  },
  {
    kind: 'sources',
    text: [
      source('wax', 'debhelper-compat (= 13)'),
      source('candle', 'libwax-dev (>= 9), debhelper (>= 13)'),
      source('lamp', 'oil | candle-tools:any'),
      source('church', 'light'),
      source('tested', 'libwax-dev <!nocheck>, x [arm64]'),
      source('elsewhere', 'libwax-dev [arm64]'),
      `${source('kept', 'libwax-dev')}Extra-Source-Only: yes\n`,
    ].join('\n'),
  },
]);
const needing = (name: string, depth = 1, profiles: readonly string[] = []): readonly string[] | undefined =>
  catalog.sourcesThatNeed(name, { architecture: 'amd64', profiles, depth });

test('names a package in any alternative and version, where its restrictions hold', () => {
  expect(needing('libwax-dev')).toEqual(['candle', 'tested']);
  expect(needing('libwax-dev', 1, ['nocheck'])).toEqual(['candle']);
  expect(needing('candle-tools')).toEqual(['church', 'lamp']);
});

test('names what it provides, or something that only others provide', () => {
  expect(needing('debhelper')).toEqual(['candle', 'wax']);
  expect(needing('light')).toEqual(['church']);
});

test('all packages of a source', () => {
  expect(needing('src:wax')).toEqual(['candle', 'tested']);
  expect(needing('wax'), 'where no package is called so').toEqual(['candle', 'tested']);
});

test('goes on over the packages of what was found', () => {
  expect(needing('libwax-dev', 2)).toEqual(['candle', 'church', 'lamp', 'tested']);
  expect(needing('debhelper', 2)).toEqual(['candle', 'church', 'lamp', 'tested', 'wax']);
});

test('what the snapshot has nothing of is told from what nothing needs', () => {
  expect(needing('nowhere')).toBeUndefined();
  expect(needing('src:candle-tools')).toBeUndefined();
  expect(needing('lamp'), 'no package was built from it').toBeUndefined();
  expect(needing('libwax1')).toEqual([]);
});
