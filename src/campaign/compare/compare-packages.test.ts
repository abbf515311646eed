// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../base/digest.ts';
import type { DescribedFile, PackageDescription } from '../../distro/package-description.ts';
import { compareBuilds, comparePackages, type PackageDifference } from './compare-packages.ts';

const plain: DescribedFile = { kind: 'file', mode: 'rw-r--r--', owner: 'root/root', bytes: 10 };

function described(more: Partial<PackageDescription> = {}): PackageDescription {
  return {
    name: 'hive',
    version: '1.0-1',
    architecture: 'amd64',
    bytes: 100_000,
    installedBytes: 400_000,
    relations: new Map([['Depends', ['libc6 (>= 2.36)', 'hive-data (= 1.0-1)']]]),
    files: new Map([['/usr/bin/hive', { ...plain, mode: 'rwxr-xr-x' }]]),
    scripts: new Map([['postinst', sha256('a')]]),
    ...more,
  };
}

test('the same package differs in nothing', () => {
  expect(comparePackages(described(), described())).toEqual([]);
});

test.each<[string, Partial<PackageDescription>, readonly PackageDifference[]]>([
  [
    'a file gone and one added',
    { files: new Map([['/usr/bin/bee', plain]]) },
    [
      { kind: 'file-gone', path: '/usr/bin/hive' },
      { kind: 'file-added', path: '/usr/bin/bee' },
    ],
  ],
  [
    'a mode',
    { files: new Map([['/usr/bin/hive', plain]]) },
    [
      {
        kind: 'file-changed',
        path: '/usr/bin/hive',
        before: 'file rwxr-xr-x root/root',
        after: 'file rw-r--r-- root/root',
      },
    ],
  ],
  [
    'a file that became a link',
    { files: new Map([['/usr/bin/hive', { ...plain, kind: 'symlink', mode: 'rwxrwxrwx', target: 'bee' }]]) },
    [
      {
        kind: 'file-changed',
        path: '/usr/bin/hive',
        before: 'file rwxr-xr-x root/root',
        after: 'symlink → bee',
      },
    ],
  ],
  [
    'dependencies and provides',
    {
      relations: new Map([
        ['Depends', ['libc6 (>= 2.37)', 'hive-data (= 1.0-1)']],
        ['Provides', ['comb']],
      ]),
    },
    [
      { kind: 'relations', field: 'Depends', gone: ['libc6 (>= 2.36)'], added: ['libc6 (>= 2.37)'] },
      { kind: 'relations', field: 'Provides', gone: [], added: ['comb'] },
    ],
  ],
  [
    'a new version alone is told as that',
    { version: '2', relations: new Map([['Depends', ['libc6 (>= 2.36)', 'hive-data (= 2)']]]) },
    [{ kind: 'version', before: '1.0-1', after: '2' }],
  ],
  [
    'maintainer scripts',
    {
      scripts: new Map([
        ['postinst', sha256('b')],
        ['prerm', sha256('c')],
      ]),
    },
    [
      { kind: 'script-added', name: 'prerm' },
      { kind: 'script-changed', name: 'postinst' },
    ],
  ],
  [
    'sizes from the threshold on',
    { bytes: 110_000, installedBytes: 360_001 },
    [
      { kind: 'size', what: 'package', beforeBytes: 100_000, afterBytes: 110_000 },
      { kind: 'size', what: 'installed', beforeBytes: 400_000, afterBytes: 360_001 },
    ],
  ],
  ['not below it', { bytes: 109_000, installedBytes: 380_000 }, []],
])('%s', (_, more, expected) => {
  expect(comparePackages(described(), described(more))).toEqual(expected);
});

test('packages that only one of the builds gave', () => {
  const docs = described({ name: 'hive-doc' });
  expect(compareBuilds([described(), docs], [described(), described({ name: 'bee' })])).toEqual([
    { kind: 'package-added', package: 'bee' },
    { kind: 'package-gone', package: 'hive-doc' },
  ]);
});

const word = fc.constantFrom('a', 'b', 'c');
const anyPackage = fc.record({
  version: fc.constantFrom('1', '2'),
  bytes: fc.nat(20_000),
  files: fc
    .array(fc.tuple(word, fc.constantFrom(plain, { ...plain, mode: 'rwxr-xr-x' })))
    .map((all) => new Map(all)),
  scripts: fc.array(fc.tuple(word, word.map(sha256))).map((all) => new Map(all)),
  relations: fc.array(fc.tuple(word, fc.array(word))).map((all) => new Map(all)),
});

test('whichever way two packages are compared, as much differs; and nothing from itself', () => {
  fc.assert(
    fc.property(anyPackage, anyPackage, (one, other) => {
      const [a, b] = [described(one), described(other)];
      expect(comparePackages(a, b)).toHaveLength(comparePackages(b, a).length);
      expect(comparePackages(a, described({ ...one }))).toEqual([]);
    }),
  );
});
