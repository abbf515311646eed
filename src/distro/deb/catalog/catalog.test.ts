// SPDX-License-Identifier: GPL-2.0-or-later
import { describe, expect, test } from 'vitest';
import { isPasekaError } from '../../../base/paseka-error.ts';
import { CatalogBuilder } from './catalog-builder.ts';
import { decodeCatalog, encodeCatalog } from './catalog-file.ts';
import { catalogFromText } from './catalog-from-text.ts';
import { DebCatalog } from './deb-catalog.ts';
import { addIndex } from './index-rows.ts';

const digest = (letter: string): string => letter.repeat(64);

const packages = `Package: foo
Version: 1.0-1
Architecture: amd64
Depends: libc6 (>= 2.3), bar | baz:any
Provides: virtual (= 2)
Filename: pool/main/f/foo/foo_1.0-1_amd64.deb
Size: 1234
SHA256: ${digest('a')}

Package: foo
Source: foo-source (1.1)
Version: 1.1+b1
Architecture: amd64
Multi-Arch: same
Filename: ./foo_1.1+b1_amd64.deb
Size: 99
SHA256: ${digest('b')}
`;

const sources = `Package: foo
Binary: foo
Version: 1.0-1
Architecture: any
Maintainer: Žofie <z@example.org>
Build-Depends: debhelper-compat (= 13), libbar-dev [linux-any] <!nocheck>,
 python3:any
Directory: pool/main/f/foo
Package-List:
 foo deb misc optional arch=any
Checksums-Sha256:
 ${digest('c')} 7 foo_1.0.orig.tar.gz
 ${digest('d')} 8 foo_1.0-1.dsc
`;

describe('a catalog', () => {
  const catalog = catalogFromText([
    { kind: 'packages', text: packages },
    { kind: 'sources', text: sources },
  ]);

  test('finds packages by name, version and architecture', () => {
    expect(catalog.findPackage('foo', '1.0-1', 'amd64')).toEqual({
      name: 'foo',
      version: '1.0-1',
      architecture: 'amd64',
      fileName: 'foo_1.0-1_amd64.deb',
      url: 'http://mirror.example.org/debian/pool/main/f/foo/foo_1.0-1_amd64.deb',
      bytes: 1234,
      sha256: digest('a'),
    });
    expect(catalog.findPackage('foo', '1.1+b1', 'amd64')?.url).toBe(
      'http://mirror.example.org/debian/foo_1.1+b1_amd64.deb',
    );
    expect(catalog.findPackage('foo', '1.0-1', 'i386')).toBeUndefined();
    expect(catalog.findPackage('virtual', '2', 'amd64')).toBeUndefined();
  });

  test('finds sources with the describing file first', () => {
    const source = catalog.findSource('foo');
    expect(source?.kind === 'repository' && source.files.map((file) => [file.fileName, file.bytes])).toEqual([
      ['foo_1.0-1.dsc', 8],
      ['foo_1.0.orig.tar.gz', 7],
    ]);
    expect(catalog.findSource('foo', '2')).toBeUndefined();
    expect(catalog.findSource('libc6')).toBeUndefined();
  });

  test('lists only names that have rows', () => {
    expect([...catalog.packageNames()]).toEqual(['foo']);
    expect([...catalog.sourceNames()]).toEqual(['foo']);
  });

  test('has the newest version first', () => {
    const rows = catalog.packagesOfName(catalog.findName('foo'));
    expect([...rows].map((row) => catalog.packageFile(row).version)).toEqual(['1.1+b1', '1.0-1']);
  });
});

describe('the newest source', () => {
  test('wins whatever the order of the lists', () => {
    const newer = sources.replace('Version: 1.0-1', 'Version: 1.0-10');
    for (const texts of [
      [sources, newer],
      [newer, sources],
    ]) {
      const catalog = catalogFromText(texts.map((text) => ({ kind: 'sources', text })));
      expect(catalog.findSource('foo')?.version).toBe('1.0-10');
      expect(catalog.findSource('foo', '1.0-1')?.version).toBe('1.0-1');
    }
  });
});

describe('the same package in two repositories', () => {
  test('is one row with the higher priority', () => {
    const catalog = catalogFromText([
      { kind: 'packages', text: packages, notAutomatic: true },
      { kind: 'packages', text: packages, suite: 'stable' },
    ]);
    const rows = [...catalog.packagesOfName(catalog.findName('foo'))];
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      expect(catalog.repositories[catalog.columns.packageRepository[row] ?? 0]?.priority).toBe(500);
    }
  });
});

describe('rubbish in a list', () => {
  const cases: readonly [what: string, text: string, line: number][] = [
    ['a line that is no field', packages.replace('Size: 1234', '<html>'), 7],
    ['a missing field', packages.replace(`SHA256: ${digest('b')}\n`, ''), 10],
    ['a size that is none', packages.replace('Size: 1234', 'Size: lots'), 1],
    ['a digest that is none', packages.replace(digest('a'), 'abc'), 1],
    ['a dependency that is none', packages.replace('(>= 2.3)', '(>= 2.3'), 1],
    ['a continuation of nothing', ` x\n${packages}`, 1],
  ];
  test.each(cases)('%s names file and line', (_, text, line) => {
    try {
      catalogFromText([{ kind: 'packages', text, path: 'lists/x_Packages' }]);
      expect.unreachable();
    } catch (error) {
      expect(isPasekaError(error, 'index-corrupt')).toBe(true);
      expect((error as Error).message).toContain(`lists/x_Packages, line ${line}:`);
    }
  });
});

describe('the cache file', () => {
  const builder = new CatalogBuilder();
  const input = { kind: 'packages', path: 'p', uri: 'u', suite: 's', codename: 'c', component: 'm' } as const;
  const plain = { ...input, notAutomatic: false, butAutomaticUpgrades: false };
  addIndex(builder, plain, Buffer.from(packages), new Map());
  const bytes = (): Uint8Array<ArrayBuffer> => {
    const all = Buffer.concat(encodeCatalog(builder.finish(), 'inputs'));
    return new Uint8Array(all);
  };
  const file = bytes();

  test('gives the same tables back', () => {
    const tables = decodeCatalog(file, 'inputs');
    expect(tables).toBeDefined();
    if (tables === undefined) return;
    expect(new DebCatalog(tables).findPackage('foo', '1.0-1', 'amd64')?.bytes).toBe(1234);
    expect(tables.repositories[0]?.suite).toBe('s');
  });

  test('of other inputs, of another format, cut or damaged is not used', () => {
    expect(decodeCatalog(file, 'others')).toBeUndefined();
    for (const index of [0, 4, 20, file.length - 1, file.length >> 1]) {
      const damaged = file.slice();
      damaged[index] = (damaged[index] ?? 0) ^ 0x55;
      expect(decodeCatalog(damaged, 'inputs'), `byte ${index}`).toBeUndefined();
    }
    for (const length of [0, 10, 100, file.length - 8]) {
      expect(decodeCatalog(file.slice(0, length), 'inputs'), `${length} bytes`).toBeUndefined();
    }
  });
});
