// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { installedAtOnceWith, reservedSince } from './installed-at-once.ts';
import type { UnpackedPackage } from './unpacked-package.ts';

function unpacked(name: string, path: string, postinst = ''): UnpackedPackage {
  return {
    directory: `/unpacked/${name}`,
    name,
    version: '1',
    architecture: 'all',
    control: new Map(),
    controlText: '',
    manifest: { entries: [{ kind: 'file', path }], members: [] },
    preinst: '',
    postinst,
    triggers: '',
    conffiles: '',
  };
}

test('most packages may be installed over whatever is there', () => {
  expect(
    installedAtOnceWith([unpacked('a', '/usr/bin/a'), unpacked('b', '/usr/share/doc/texlive/b')]),
  ).toEqual([]);
});

test('what makes users is installed together with all that makes users, several of them with everything', () => {
  const script = '#!/bin/sh\nadduser --system a\n';
  const [one, other] = [unpacked('a', '/usr/bin/a', script), unpacked('b', '/usr/bin/b', script)];
  expect(installedAtOnceWith([one])).toEqual(['/etc/passwd', '/etc/group']);
  expect(installedAtOnceWith([one, other])).toEqual(['/']);
});

test.each(['/usr/share/texmf/tex/a.sty', '/usr/share/texlive/texmf-dist/tex/a', '/var/lib/tex-common/a'])(
  'parts of TeX are installed together with its triggers: %s',
  (path) => {
    expect(installedAtOnceWith([unpacked('a', path)])).toEqual(['/var/lib/dpkg/info/tex-common.list']);
  },
);

test("the package that has TeX's triggers stands for itself", () => {
  expect(installedAtOnceWith([unpacked('tex-common', '/usr/share/texmf/ls-R')])).toEqual([]);
});

test.each([
  ['in a layer', [], ['/usr/bin/a'], true],
  ['not any more', ['/usr/bin/a'], [], true],
  ['in the base', ['/usr/bin/a'], ['/usr/bin/a'], false],
  ['in a layer, and another path', ['/usr/bin/b'], ['/usr/bin/b', '/usr/bin/c'], false],
])('a path that is diverted or given away: %s', (_what, atBase, now, isChanged) => {
  const notes = ['/var/lib/dpkg/diversions', '/var/lib/dpkg/statoverride'];
  const found = reservedSince([unpacked('a', '/usr/bin/a')], new Set(atBase), new Set(now));
  expect(found).toEqual(isChanged ? notes : []);
});
