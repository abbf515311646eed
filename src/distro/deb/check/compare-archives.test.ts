// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ArchiveComparison } from '../../archive-check.ts';
import { catalogFromText } from '../catalog/catalog-from-text.ts';
import type { DebCatalog } from '../catalog/deb-catalog.ts';
import { parseDeb822 } from '../deb822.ts';
import { archiveUniverse } from './archive-universe.ts';
import { checkArchive } from './check-archive.ts';
import { compareArchives } from './compare-archives.ts';

const sha256 = 'a'.repeat(64);
const scope = { profiles: [], indep: true };

/** Packages as `name version: dependencies`, sources likewise. */
function catalogOf(packages: readonly string[], sources: readonly string[] = []): DebCatalog {
  const text = (lines: readonly string[], field: string, more: string): string =>
    lines.map((line) => stanza(line, field) + more).join('\n');
  return catalogFromText([
    { kind: 'packages', text: text(packages, 'Depends', `Filename: x\nSize: 1\nSHA256: ${sha256}\n`) },
    {
      kind: 'sources',
      text: text(sources, 'Build-Depends', `Directory: x\nChecksums-Sha256:\n ${sha256} 1 x.dsc\n`),
    },
  ]);
}

function stanza(line: string, field: string): string {
  const [head = '', needs = ''] = line.split(':');
  const [name, version] = head.split(' ');
  const dependencies = needs.trim() === '' ? '' : `${field}: ${needs.trim()}\n`;
  return `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\n${dependencies}`;
}

const overlayOf = (lines: readonly string[]) => lines.flatMap((line) => parseDeb822(stanza(line, 'Depends')));

function compare(
  before: DebCatalog,
  after: DebCatalog,
  overlay: readonly string[] = [],
  earlier: readonly string[] = [],
): ArchiveComparison {
  return compareArchives(
    archiveUniverse(before, 'amd64', overlayOf(earlier)),
    archiveUniverse(after, 'amd64', overlayOf(overlay)),
    scope,
  );
}

const names = (found: ArchiveComparison) => ({
  unmet: found.unmet.map((one) => `${one.package}: ${one.dependency}`),
  uninstallable: found.uninstallable.map((one) => `${one.package} ${one.version}`),
  unsatisfiable: found.unsatisfiable.map((one) => one.source),
});

test('only what is newly broken counts, down to what needs it', () => {
  const before = catalogOf(['lib 1:', 'user 1: lib', 'far 1: user', 'old 1: gone'], ['s 1: far', 't 1: old']);
  const after = catalogOf(['lib2 1:', 'user 1: lib', 'far 1: user', 'old 1: gone'], ['s 1: far', 't 1: old']);
  const found = compare(before, after);
  expect(names(found)).toEqual({
    unmet: ['user: lib'],
    uninstallable: ['far 1', 'user 1'],
    unsatisfiable: ['s'],
  });
  expect(found.unmet[0]?.why).toBe('but there is no package lib, and nothing provides it');
  expect(compare(after, before)).toMatchObject({
    unmet: [],
    mended: { unmet: 1, uninstallable: 2, unsatisfiable: 1 },
  });
});

test('what goes with the package that had it is not mended', () => {
  const found = compare(
    catalogOf(['old 1: gone', 'kept 1: gone', 'fine 1:']),
    catalogOf(['kept 2:', 'fine 1:']),
  );
  expect(found.mended).toEqual({ unmet: 1, uninstallable: 1, unsatisfiable: 0 });
});

test('packages that lie over an archive replace all versions of their names', () => {
  const catalog = catalogOf(['lib 1:', 'lib 2:', 'user 1: lib (<< 3)', 'other 1: lib (>= 2)'], ['s 1: user']);
  const found = compare(catalog, catalog, ['lib 3:']);
  expect(names(found)).toEqual({
    unmet: ['user: lib (<< 3)'],
    uninstallable: ['user 1'],
    unsatisfiable: ['s'],
  });
  expect(found.unmet[0]?.why).toBe('but lib is at 3');
  expect(names(compare(catalog, catalog, ['lib 3:', 'user 2: lib'])).unmet).toEqual([]);
});

test('a new version of what was broken all along is not newly broken; a new package is', () => {
  const catalog = catalogOf(['old 1: gone', 'fine 1:', 'half 1: gone', 'half 2:']);
  const found = compare(catalog, catalog, ['old 2: gone', 'fine 2: gone', 'half 3: gone', 'new 1: gone']);
  expect(names(found)).toEqual({
    unmet: ['fine: gone', 'new: gone'],
    uninstallable: ['fine 2', 'half 3', 'new 1'],
    unsatisfiable: [],
  });
});

test('both states may have packages over them', () => {
  const catalog = catalogOf(['lib 1:', 'user 1: lib']);
  const found = compare(catalog, catalog, ['user 2: lib, gone'], ['user 2: gone']);
  expect(names(found)).toEqual({ unmet: [], uninstallable: [], unsatisfiable: [] });
});

const packageLine = fc
  .tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.constantFrom('a', 'b | c', 'd (>= 2)', 'gone', ''))
  .map(([name, needs]) => [name, needs] as const);
const archive = fc
  .uniqueArray(packageLine, { selector: ([name]) => name, maxLength: 5 })
  .map((lines) => lines.map(([name, needs]) => `${name} 1: ${needs}`));

test('nothing is newly broken in the same state, and what is laid over counts as what replaces it', () => {
  fc.assert(
    fc.property(archive, archive, (packages, overlay) => {
      const catalog = catalogOf(packages);
      expect(names(compare(catalog, catalog))).toEqual({ unmet: [], uninstallable: [], unsatisfiable: [] });
      const added = overlay.map((line) => line.replace(' 1:', ' 2:'));
      const kept = packages.filter((line) => !added.some((other) => other[0] === line[0]));
      const whole = catalogOf([...kept, ...added]);
      expect(names(compare(catalog, catalog, added))).toEqual(names(compare(catalog, whole)));
      const broken = new Set(checkArchive(whole, 'amd64', scope).uninstallable.map((one) => one.package));
      for (const one of compare(catalog, catalog, added).uninstallable) expect(broken).toContain(one.package);
    }),
  );
});
