// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { HeaderEntry } from '../header/header-entry.ts';
import { headerTags } from '../header/header-tags.ts';
import { type Header, readHeader } from '../header/read-header.ts';
import { RpmFormatError } from '../header/rpm-format-error.ts';
import { smallEntries } from '../header/small-rpm.ts';
import { numbersEntry, textEntry, textsEntry, writeHeader } from '../header/write-header.ts';
import { readHeaderList } from './header-list.ts';
import { type FileToList, packageListEntry, sourceListEntry } from './list-entry.ts';
import { listTags } from './list-tags.ts';
import { readListedPackage } from './listed-package.ts';

const name = fc.stringMatching(/^[a-z][a-z0-9+.-]{0,8}$/);
const paths = fc.array(fc.tuple(fc.constantFrom('/usr/bin/', '/etc/', '/'), name), {
  minLength: 1,
  maxLength: 5,
});

const anyFile: fc.Arbitrary<FileToList> = fc
  .record({
    name,
    epoch: fc.option(fc.nat(1000), { nil: undefined }),
    requires: fc.uniqueArray(name, { minLength: 1, maxLength: 5 }),
    paths,
    bytes: fc.oneof(fc.nat(), fc.constantFrom(0xffffffff, 0x100000000, 0x1234567890)),
    md5: fc.stringMatching(/^[0-9a-f]{32}$/),
  })
  .map(({ name: own, epoch, requires, paths: files, bytes, md5 }) => {
    const directories = [...new Set(files.map(([directory]) => directory))];
    const header = headerOf(own, [
      ...(epoch === undefined ? [] : [numbersEntry(headerTags.EPOCH, [epoch])]),
      textsEntry(headerTags.REQUIRENAME, requires),
      textsEntry(
        headerTags.BASENAMES,
        files.map(([, file]) => file),
      ),
      textsEntry(headerTags.DIRNAMES, directories),
      numbersEntry(
        headerTags.DIRINDEXES,
        files.map(([directory]) => directories.indexOf(directory)),
      ),
      textEntry(headerTags.LICENSE, 'of no use to a resolver'),
    ]);
    return { header, directory: 'RPMS.comb', fileName: `${own}-1.0-alt1.noarch.rpm`, bytes, md5 };
  });

describe('a list', () => {
  test('has the entries that were written, in their order, and what they say', () => {
    fc.assert(
      fc.property(fc.array(anyFile, { maxLength: 6 }), (files) => {
        const list = Buffer.concat(files.map(packageListEntry));
        const listed = [...readHeaderList(list)].map((header) => readListedPackage(header, 'binary'));
        expect(listed.map(({ fileName, bytes, md5, path }) => ({ fileName, bytes, md5, path }))).toEqual(
          files.map(({ fileName, bytes, md5 }) => ({ fileName, bytes, md5, path: `RPMS.comb/${fileName}` })),
        );
        for (const [index, { header }] of listed.entries()) {
          const whole = files[index]?.header.entries;
          expect(header.entries.has(headerTags.LICENSE)).toBe(false);
          for (const [tag, entry] of header.entries) {
            if (tag < listTags.FILENAME)
              expect(Buffer.from(entry.data)).toEqual(Buffer.from(whole?.get(tag)?.data ?? []));
          }
        }
        // what was read is written as it was
        const again = listed.map(({ header }, index) =>
          packageListEntry({ ...(files[index] as FileToList), header }),
        );
        expect(Buffer.concat(again).equals(list)).toBe(true);
      }),
    );
  });

  test('that ends early is refused at the place, after all before it was read', () => {
    fc.assert(
      fc.property(anyFile, anyFile, fc.nat(), (one, other, cut) => {
        const first = packageListEntry(one);
        const second = packageListEntry(other);
        const list = Buffer.concat([first, second.subarray(0, 1 + (cut % (second.length - 1)))]);
        const read: Header[] = [];
        expect(() => {
          for (const header of readHeaderList(list)) read.push(header);
        }).toThrow(RpmFormatError);
        expect(read.length).toBe(1);
      }),
    );
  });

  test('with any bytes is read or refused, and never anything else', () => {
    const list = Buffer.concat([packageListEntry(someFile), packageListEntry(someFile)]);
    fc.assert(
      fc.property(fc.nat(list.length - 1), fc.nat(255), (at, value) => {
        const changed = Buffer.from(list);
        changed[at] = value;
        try {
          for (const header of readHeaderList(changed)) readListedPackage(header, 'binary');
        } catch (error) {
          expect(error).toBeInstanceOf(RpmFormatError);
        }
      }),
    );
  });
});

test('sources say which packages are built from them', () => {
  const entry = sourceListEntry({ ...someFile, directory: '../SRPMS.comb' }, ['hive', 'hive-doc']);
  const listed = readListedPackage(readHeader(entry, 0), 'source');
  expect(listed.binaries).toEqual(['hive', 'hive-doc']);
  expect(listed.path).toBe(`../SRPMS.comb/${someFile.fileName}`);
  expect(listed.isSource).toBe(true);
  const none = readListedPackage(readHeader(sourceListEntry(someFile, []), 0), 'source');
  expect(none.binaries).toEqual([]);
});

test('a place outside of the repository is refused', () => {
  const place = (directory: string, fileName = 'hive.rpm'): string =>
    readListedPackage(readHeader(packageListEntry({ ...someFile, directory, fileName }), 0), 'binary').path;
  expect(place('./RPMS.comb')).toBe('RPMS.comb/hive.rpm');
  expect(place('')).toBe('hive.rpm');
  expect(place('../SRPMS.comb/')).toBe('../SRPMS.comb/hive.rpm');
  expect(() => place('../../etc')).toThrow('outside of its repository');
  expect(() => place('RPMS.comb/../../..')).toThrow('outside of its repository');
  expect(() => place('/etc')).toThrow('outside of its repository');
  expect(() => place('RPMS.comb', '../hive.rpm')).toThrow('names the file ../hive.rpm');
});

function headerOf(own: string, entries: readonly HeaderEntry[]): Header {
  return readHeader(writeHeader(smallEntries({ name: own, entries })), 0);
}

const someFile: FileToList = {
  header: headerOf('hive', []),
  directory: 'RPMS.comb',
  fileName: 'hive-1.0-alt1.noarch.rpm',
  bytes: 1234,
  md5: '0123456789abcdef0123456789abcdef',
};
