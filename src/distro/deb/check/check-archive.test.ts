// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ArchiveCheck } from '../../archive-check.ts';
import { catalogFromText } from '../catalog/catalog-from-text.ts';
import { checkArchive } from './check-archive.ts';

const sha256 = 'a'.repeat(64);

function check(packages: string, sources = ''): ArchiveCheck {
  const complete = (text: string, more: string): string =>
    text
      .trim()
      .split(/\n\s*\n/)
      .filter((paragraph) => paragraph !== '')
      .map(
        (paragraph) =>
          `${paragraph.replace(/^\s+/gm, '')}\n${/^Version:/m.test(paragraph) ? '' : 'Version: 1\n'}${more}`,
      )
      .join('\n');
  const catalog = catalogFromText([
    {
      kind: 'packages',
      text: complete(packages, `Architecture: amd64\nFilename: x\nSize: 1\nSHA256: ${sha256}\n`),
    },
    { kind: 'sources', text: complete(sources, `Directory: x\nChecksums-Sha256:\n ${sha256} 1 x.dsc\n`) },
  ]);
  return checkArchive(catalog, 'amd64', { profiles: [], indep: true });
}

describe('checking an archive', () => {
  test('finds what lacks something and what needs that', () => {
    const { uninstallable } = check(
      'Package: a\nDepends: b\n\nPackage: b\nDepends: gone\n\nPackage: c\nDepends: a | d\n\nPackage: d',
    );
    expect(uninstallable.map((one) => one.package)).toEqual(['a', 'b']);
    expect(uninstallable[0]?.why.split('\n')).toEqual([
      'a 1 needs b',
      '  b 1 needs gone',
      '    but there is no package gone, and nothing provides it',
    ]);
  });

  test('finds what needs two things that conflict, with the facts', () => {
    const { uninstallable } = check(
      'Package: a\nDepends: b, c\n\nPackage: b\nDepends: d\n\nPackage: c\nConflicts: d\n\nPackage: d',
    );
    expect(uninstallable.map((one) => one.package)).toEqual(['a']);
    expect(uninstallable[0]?.why.split('\n')).toEqual([
      'a 1 needs b',
      'a 1 needs c',
      'b 1 needs d',
      'c 1 excludes d, which is d 1',
    ]);
  });

  test('searches through alternatives', () => {
    const packages = `
      Package: a
      Depends: b | c, d | e

      Package: b
      Conflicts: d, e

      Package: c
      Conflicts: d

      Package: d

      Package: e`;
    expect(check(packages).uninstallable).toEqual([]);
  });

  test('counts essential packages in', () => {
    const { uninstallable } = check('Package: base\nEssential: yes\n\nPackage: a\nConflicts: base');
    expect(uninstallable.map((one) => one.package)).toEqual(['a']);
    expect(uninstallable[0]?.why).toContain('base is essential');
  });

  test('finds sources that can not be built, and leaves out those for other architectures', () => {
    const sources = `
      Package: good
      Architecture: any
      Build-Depends: a

      Package: bad
      Architecture: all
      Build-Depends: a
      Build-Conflicts: b

      Package: elsewhere
      Architecture: s390x
      Build-Depends: gone`;
    const { unsatisfiable } = check('Package: a\nDepends: b\n\nPackage: b', sources);
    expect(unsatisfiable.map((one) => one.source)).toEqual(['bad']);
    expect(unsatisfiable[0]?.why).toContain('the source excludes b');
  });

  test('tells a source once that stands in two lists, and its other versions', () => {
    const twice = ['1', '1', '2'].map(
      (version) => `Package: s\nVersion: ${version}\nArchitecture: any\nBuild-Depends: gone`,
    );
    const { unsatisfiable } = check('Package: a', twice.join('\n\n'));
    expect(unsatisfiable.map(({ version }) => version)).toEqual(['1', '2']);
  });

  test('agrees with trying every set of packages', () => {
    const names = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'];
    const package_ = fc.record({
      depends: fc.array(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }), {
        maxLength: 3,
      }),
      conflicts: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(package_, { minLength: names.length, maxLength: names.length }), (packages) => {
        const text = packages.map(({ depends, conflicts }, index) => {
          const needs =
            depends.length === 0 ? '' : `Depends: ${depends.map((one) => one.join(' | ')).join(', ')}\n`;
          const excludes = conflicts.length === 0 ? '' : `Conflicts: ${conflicts.join(', ')}\n`;
          return `Package: ${names[index]}\n${needs}${excludes}`.trimEnd();
        });
        const installable = new Set<string>();
        for (let bits = 0; bits < 1 << names.length; bits++) {
          const has = (name: string): boolean => ((bits >> names.indexOf(name)) & 1) === 1;
          const isHealthy = packages.every(
            ({ depends, conflicts }, index) =>
              !has(names[index] ?? '') ||
              (depends.every((clause) => clause.some(has)) &&
                conflicts.every((name) => name === names[index] || !has(name))),
          );
          if (isHealthy) for (const name of names) if (has(name)) installable.add(name);
        }
        const found = check(text.join('\n\n')).uninstallable.map((one) => one.package);
        expect(found).toEqual(names.filter((name) => !installable.has(name)));
      }),
      { numRuns: 500 },
    );
  });
});
