// SPDX-License-Identifier: GPL-2.0-or-later

import fc from 'fast-check';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { expect, test } from 'vitest';
import { headerTags } from '../header/header-tags.ts';
import { readHeader } from '../header/read-header.ts';
import { smallEntries } from '../header/small-rpm.ts';
import { numbersEntry, textEntry, textsEntry, writeHeader } from '../header/write-header.ts';
import { type HeaderPackage, packagesXml } from './package-xml.ts';

interface Wanted {
  readonly packager?: string;
  readonly paths?: readonly string[];
  readonly requires?: readonly (readonly [name: string, flags: number, version: string])[];
}

function packageOf({ packager = 'Bee', paths = [], requires = [] }: Wanted): HeaderPackage {
  const entries = [
    textEntry(headerTags.PACKAGER, packager),
    ...(requires.length === 0
      ? []
      : [
          textsEntry(
            headerTags.REQUIRENAME,
            requires.map(([name]) => name),
          ),
          numbersEntry(
            headerTags.REQUIREFLAGS,
            requires.map(([, flags]) => flags),
          ),
          textsEntry(
            headerTags.REQUIREVERSION,
            requires.map(([, , version]) => version),
          ),
        ]),
    ...(paths.length === 0
      ? []
      : [
          textsEntry(headerTags.BASENAMES, paths),
          textsEntry(headerTags.DIRNAMES, ['/usr/']),
          numbersEntry(
            headerTags.DIRINDEXES,
            paths.map(() => 0),
          ),
        ]),
  ];
  return {
    name: 'hive',
    version: '2:1.0-alt1',
    architecture: 'noarch',
    isSource: false,
    sourceFileName: 'hive-1.0-alt1.src.rpm',
    header: readHeader(writeHeader(smallEntries({ entries })), 0),
    path: 'RPMS.comb/hive-1.0-alt1.noarch.rpm',
    bytes: 1000,
    digest: 'ab'.repeat(16),
  };
}

const xmlOf = (...wanted: readonly Wanted[]): string =>
  [...packagesXml(wanted.map(packageOf), 'md5')].join('');

test('relations have their parts', () => {
  const xml = xmlOf({
    requires: [
      ['comb', 0, ''],
      ['/bin/sh', 1 << 9, ''],
      ['wax', 12, '3:1.5-alt2'],
      ['honey', 2, '2'],
      ['libwax.so.1()(64bit)', 8, 'set:kc0k'],
    ],
  });
  expect(/<rpm:requires>(.*)<\/rpm:requires>/.exec(xml)?.[1]?.replaceAll('/>', '/>\n').split('\n')).toEqual([
    '<rpm:entry name="comb"/>',
    '<rpm:entry name="/bin/sh" pre="1"/>',
    '<rpm:entry name="wax" flags="GE" epoch="3" ver="1.5" rel="alt2"/>',
    '<rpm:entry name="honey" flags="LT" epoch="0" ver="2"/>',
    '<rpm:entry name="libwax.so.1()(64bit)" flags="EQ" epoch="0" ver="set:kc0k"/>',
    '',
  ]);
  expect(xml).toContain('<version epoch="2" ver="1.0" rel="alt1"/>');
  expect(xml).toContain(`<checksum type="md5" pkgid="YES">${'ab'.repeat(16)}</checksum>`);
});

test('whatever a header says, the index is XML that says the same', () => {
  // what XML has no way of saying is left out
  const text = fc.string({ unit: 'grapheme', minLength: 1 }).map((one) => one.replaceAll(/[\p{Cc}]/gu, ''));
  const parser = new XMLParser({
    ignoreAttributes: false,
    trimValues: false,
    isArray: (name) => name === 'file',
  });
  fc.assert(
    fc.property(text, fc.array(text, { minLength: 1, maxLength: 3 }), (packager, names) => {
      const xml = xmlOf({ packager: `<${packager}>`, paths: names, requires: [[`${packager}"`, 0, '']] });
      expect(XMLValidator.validate(xml)).toBe(true);
      const { metadata } = parser.parse(xml) as {
        metadata: { package: { packager: string; format: { file: unknown[] } } };
      };
      expect(metadata.package.packager).toBe(`<${packager}>`);
      expect(metadata.package.format.file.map(String)).toEqual(names.map((name) => `/usr/${name}`));
    }),
  );
});

test('control characters are left out', () => {
  expect(xmlOf({ packager: 'a\u0001b\u001fc\u007f' })).toContain('<packager>abc</packager>');
});
