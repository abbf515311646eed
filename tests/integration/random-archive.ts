// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';

const names = Array.from({ length: 9 }, (_, index) => `p${index}`);
const virtual = ['v0', 'v1'];

const atom = fc
  .tuple(
    fc.constantFrom(...names, ...virtual),
    fc.constantFrom('', '', '', ' (>= 1)', ' (>= 2)', ' (<< 2)', ':any'),
  )
  .map(([name, rest]) => name + rest);
const clause = fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => [...new Set(atoms)].join(' | '));
const clauses = (max: number): fc.Arbitrary<string> =>
  fc.array(clause, { maxLength: max }).map((list) => list.join(', '));
const others = (max: number): fc.Arbitrary<string> =>
  fc.array(atom, { maxLength: max }).map((list) => [...new Set(list)].join(', '));

const package_ = fc.record({
  version: fc.constantFrom('1', '2'),
  priority: fc.constantFrom('optional', 'optional', 'extra', 'important'),
  multiArch: fc.constantFrom('', '', 'same', 'foreign', 'allowed'),
  depends: clauses(2),
  preDepends: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: clauses(1) }),
  suggests: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, { weight: 1, arbitrary: clauses(1) }),
  conflicts: fc.oneof({ weight: 4, arbitrary: fc.constant('') }, { weight: 1, arbitrary: others(1) }),
  breaks: fc.oneof({ weight: 5, arbitrary: fc.constant('') }, { weight: 1, arbitrary: others(1) }),
  provides: fc
    .array(fc.tuple(fc.constantFrom(...virtual, 'p0', 'p1'), fc.constantFrom('', ' (= 1)', ' (= 2)')), {
      maxLength: 1,
    })
    .map((list) => list.map((one) => one.join('')).join(', ')),
  source: fc.constantFrom('', '', 's0', 's1'),
  /** Whether the base has an older version than the archive. */
  outdated: fc.oneof(
    { weight: 3, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
  installed: fc.oneof(
    { weight: 6, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});

/** An archive of a few packages that depend on each other at random, and a request. */
export interface RandomArchive {
  readonly packages: string;
  /** dpkg's status: of those that may be installed, the ones without dependencies and conflicts. */
  readonly status: string;
  readonly buildDepends: string;
  readonly buildConflicts: string;
}

/** Archives in which apt's choices show: alternatives, providers, conflicts, versions. */
export const randomArchive: fc.Arbitrary<RandomArchive> = fc
  .record({
    packages: fc.array(package_, { minLength: names.length, maxLength: names.length }),
    buildDepends: fc.array(clause, { minLength: 1, maxLength: 4 }).map((list) => list.join(', ')),
    buildConflicts: fc.oneof({ weight: 6, arbitrary: fc.constant('') }, { weight: 1, arbitrary: others(1) }),
  })
  .map(({ packages, buildDepends, buildConflicts }) => {
    const paragraphs: string[] = [];
    const status: string[] = [];
    for (const [index, one] of packages.entries()) {
      const text = fields({
        Package: names[index] ?? '',
        Source: one.source,
        Version: one.version,
        Architecture: 'amd64',
        Priority: one.priority,
        'Multi-Arch': one.multiArch,
        'Pre-Depends': one.preDepends,
        Depends: one.depends,
        Suggests: one.suggests,
        Conflicts: one.conflicts,
        Breaks: one.breaks,
        Provides: one.provides,
        Maintainer: 'A <a@example.org>',
        Description: 'x',
      });
      paragraphs.push(`${text}Filename: ./${names[index]}.deb\nSize: 1\nSHA256: ${'a'.repeat(64)}\n`);
      const isPlain = one.preDepends + one.depends + one.conflicts + one.breaks === '';
      const had = one.outdated ? text.replace(/^Version: .*$/m, 'Version: 0.5') : text;
      if (one.installed && isPlain) status.push(`${had}Status: install ok installed\n`);
    }
    const essential = fields({
      Package: 'build-essential',
      Version: '1',
      Architecture: 'amd64',
      Maintainer: 'A <a@example.org>',
      Description: 'x',
    });
    paragraphs.push(`${essential}Filename: ./b.deb\nSize: 1\nSHA256: ${'a'.repeat(64)}\n`);
    status.push(`${essential}Status: install ok installed\n`);
    return { packages: paragraphs.join('\n'), status: status.join('\n'), buildDepends, buildConflicts };
  });

function fields(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}
