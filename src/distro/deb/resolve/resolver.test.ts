// SPDX-License-Identifier: GPL-2.0-or-later
import { describe, expect, test } from 'vitest';
import { smallArchive } from './small-archive.ts';

/** Versions of apt that stand for the ways in which it chooses: marking, marking with its later sweep, the 3.0 solver. */
const aptVersions = ['2.6.1', '3.0.3', '3.3.5'] as const;

describe.each(aptVersions)('apt %s', (apt) => {
  test('takes the first alternative, and nothing where one is installed or needed anyway', () => {
    const packages = `
      Package: a

      Package: b

      Package: user
      Depends: b`;
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: a | b')).toBe('a');
    expect(smallArchive(packages, ['b'], apt).buildDep('Build-Depends: a | b')).toBe('');
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: b, a | b')).toBe('b');
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: user, a | b')).toBe('b user');
  });

  test('takes the real package before its providers, and the more important provider before others', () => {
    const packages = `
      Package: mta-one
      Priority: optional
      Provides: mta

      Package: mta-two
      Priority: important
      Provides: mta, real

      Package: real
      Priority: extra`;
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: mta')).toBe('mta-two');
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: real')).toBe('real');
  });

  test('knows versions, versioned provides and that an unversioned provide satisfies no version', () => {
    const packages = `
      Package: old
      Version: 1.0
      Provides: api (= 2), loose`;
    const { buildDep } = smallArchive(packages, [], apt);
    expect(buildDep('Build-Depends: old (>= 1.0~)')).toBe('old=1.0');
    expect(buildDep('Build-Depends: api (>= 2)')).toBe('old=1.0');
    expect(buildDep('Build-Depends: loose')).toBe('old=1.0');
    expect(buildDep('Build-Depends: loose (>= 1)')).toContain('unsatisfiable');
    expect(buildDep('Build-Depends: old (>> 1.0)')).toContain('but old is at 1.0');
  });

  test('takes name:any only from Multi-Arch: allowed packages, name:native from any', () => {
    const packages = `
      Package: python3
      Multi-Arch: allowed

      Package: plain`;
    const { buildDep } = smallArchive(packages, [], apt);
    expect(buildDep('Build-Depends: python3:any')).toBe('python3');
    expect(buildDep('Build-Depends: plain:native')).toBe('plain');
    expect(buildDep('Build-Depends: plain:any')).toContain('is not Multi-Arch: allowed');
    expect(buildDep('Build-Depends: plain:i386')).toContain('unsatisfiable');
  });

  test('prefers no name for name:any', () => {
    const packages = `
      Package: real
      Priority: extra
      Multi-Arch: allowed

      Package: other
      Priority: optional
      Multi-Arch: allowed
      Provides: real`;
    const { buildDep } = smallArchive(packages, [], apt);
    expect(buildDep('Build-Depends: real')).toBe('real');
    expect(buildDep('Build-Depends: real:any')).toBe('other');
  });

  test('leaves out what restrictions exclude', () => {
    const packages = 'Package: a\n\nPackage: b';
    const { buildDep } = smallArchive(packages, [], apt);
    expect(buildDep('Build-Depends: a [i386] | b, x [!amd64], y <stage1>')).toBe('b');
  });

  test('explains what is missing with the chain that leads there', () => {
    const packages = `
      Package: a
      Depends: b | c

      Package: b
      Depends: gone

      Package: c
      Depends: d (>= 2)

      Package: d`;
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: a')).toBe(
      [
        'unsatisfiable:',
        'the source needs a',
        '  a 1 needs b | c',
        '    b 1 needs gone',
        '      but there is no package gone, and nothing provides it',
        '    c 1 needs d (>= 2)',
        '      but d is at 1',
      ].join('\n'),
    );
  });

  test('gives up an alternative that lacks something', () => {
    const packages = `
      Package: a
      Depends: gone

      Package: b`;
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: a | b')).toBe('b');
  });

  test('does not choose what conflicts with something that is needed without a choice', () => {
    const packages = `
      Package: needed
      Conflicts: a

      Package: a

      Package: b`;
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: needed, a | b')).toBe('b needed');
  });

  test('never answers with a set that conflicts', () => {
    const packages = `
      Package: a
      Conflicts: b

      Package: b`;
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: a, b')).toMatch(
      /^(undecided|unsatisfiable)/,
    );
    expect(smallArchive(packages, ['b'], apt).buildDep('Build-Depends: a')).toMatch(
      /^(undecided|unsatisfiable)/,
    );
    expect(smallArchive(packages, ['a'], apt).buildDep('Build-Depends: b')).toMatch(
      /^(undecided|unsatisfiable)/,
    );
  });

  test('keeps Build-Conflicts out', () => {
    const packages = 'Package: a\n\nPackage: b';
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: a | b\nBuild-Conflicts: a')).toBe('b');
  });

  test('survives circles', () => {
    const packages = 'Package: a\nDepends: b\n\nPackage: b\nDepends: c | a\n\nPackage: c\nDepends: a';
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: a')).toBe('a b');
  });

  test('installs binary packages, also of a version', () => {
    const packages = `
      Package: a
      Version: 2
      Depends: b

      Package: b`;
    const { install } = smallArchive(packages, [], apt);
    expect(install('a')).toBe('a=2 b');
    expect(install('a=2')).toBe('a=2 b');
    expect(install('a=3')).toBe('unknown: a=3');
    expect(install('c')).toBe('unknown: c');
    expect(smallArchive(packages, ['a', 'b'], apt).install('a')).toBe('');
  });

  // golang-github-roaringbitmap-roaring in sid: the transitional package was chosen, then swept away again
  test('sweeps away an older binary of the source that provides the same', () => {
    const packages = `
      Package: golang-snappy-go-dev
      Source: golang-snappy
      Depends: golang-github-snappy-dev

      Package: golang-github-snappy-dev
      Source: golang-snappy
      Version: 2
      Provides: golang-snappy-go-dev`;
    expect(smallArchive(packages, [], apt).buildDep('Build-Depends: golang-snappy-go-dev')).toBe(
      'golang-github-snappy-dev=2',
    );
  });
});

describe('marking', () => {
  // pekka-kana-2 in bookworm: libjack-jackd2-0 was chosen first, then libjack-dev needed libjack0
  test('lets what was chosen give way to what is needed without a choice', () => {
    const packages = `
      Package: libportaudio
      Depends: libjack-jackd2-0 | libjack

      Package: libjack-jackd2-0
      Conflicts: libjack
      Provides: libjack

      Package: libjack0
      Conflicts: libjack
      Provides: libjack

      Package: libjack-dev
      Depends: libjack0

      Package: chooser
      Depends: libportaudio | nothing`;
    expect(smallArchive(packages, [], '2.6.1').buildDep('Build-Depends: chooser, libjack-dev')).toBe(
      'chooser libjack-dev libjack0 libportaudio',
    );
  });
});

describe('the 3.0 solver', () => {
  // xpra in sid: the alternative comes first in the list, but pkgconf is needed by a later package
  test('chooses only after everything without a choice is known', () => {
    const packages = `
      Package: pkg-config

      Package: pkgconf
      Provides: pkg-config

      Package: later
      Depends: pkgconf`;
    expect(smallArchive(packages, [], '3.3.5').buildDep('Build-Depends: pkg-config, later')).toBe(
      'later pkgconf',
    );
    expect(smallArchive(packages, [], '2.6.1').buildDep('Build-Depends: pkg-config, later')).toBe(
      'later pkg-config pkgconf',
    );
  });
});

describe('what the base has in an older version', () => {
  const packages = `
    Package: sibling
    Source: s

    Package: other

    Package: kept
    Source: s`;

  test('is left to apt where it is of the source of a package that is taken', () => {
    for (const apt of ['2.6.1', '3.0.3']) {
      const { buildDep } = smallArchive(packages, ['sibling=0.5'], apt);
      expect(buildDep('Build-Depends: kept')).toContain('undecided');
      expect(buildDep('Build-Depends: other')).toBe('other');
    }
  });

  test('is left to apt, too, where the base has that package already', () => {
    for (const apt of ['2.6.1', '3.0.3']) {
      const { buildDep } = smallArchive(packages, ['sibling=0.5', 'kept'], apt);
      expect(buildDep('Build-Depends: kept')).toContain('undecided');
    }
  });
});

describe('an answer', () => {
  test('says of a version that is there, but is not what would be installed, that it is passed over', () => {
    const packages = 'Package: a\nVersion: 1\n\nPackage: a\nVersion: 2\n\nPackage: b\nDepends: a (= 1)';
    for (const apt of aptVersions) {
      const { buildDep } = smallArchive(packages, [], apt);
      expect(buildDep('Build-Depends: b').split('\n')).toEqual([
        'unsatisfiable:',
        'the source needs b',
        '  b 1 needs a (= 1)',
        '    but a would be 2, not 1',
      ]);
    }
  });

  test('does not depend on what was asked before', () => {
    const packages = 'Package: a\nConflicts: b\n\nPackage: b\n\nPackage: c\nDepends: b | a';
    for (const apt of aptVersions) {
      const { buildDep } = smallArchive(packages, [], apt);
      const first = buildDep('Build-Depends: c');
      buildDep('Build-Depends: a, c');
      buildDep('Build-Depends: a, b');
      expect(buildDep('Build-Depends: c')).toBe(first);
    }
  });
});
