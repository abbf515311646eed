// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hasChangelog, readSpecPreamble } from './spec-preamble.ts';

test('name, version, release and epoch, with what the file itself defines', () => {
  const text = [
    '%define oname Hive',
    '%global major 1',
    '%define fullversion %major.%{minor}',
    '%define minor 5',
    '',
    'Name: lib%oname',
    'Version:\t%{fullversion}',
    'release: alt1%{?dist}',
    'Epoch: 2',
    'Group: System/Libraries',
    '%package devel',
    'Version: 9',
    '%description',
    'Name: not this',
  ].join('\n');
  expect(readSpecPreamble(text)).toEqual({ name: 'libHive', version: '2:1.5-alt1', files: [] });
});

test.each([
  ['Name: a\nVersion: 1\nRelease: %mkrel 1', 'a', '1'],
  ['Name: a\nVersion: 1\nRelease: 1%{?git:.git}\nEpoch: 0', 'a', '1-1'],
  ['Name: a\nVersion: 1\nRelease: 1%{!?git:.plain}', 'a', '1-1.plain'],
  ['%define git x\nName: a\nVersion: 1\nRelease: 1%{?git:.%git}', 'a', '1-1.x'],
  ['Name: %(echo a)\nVersion: 1', undefined, '1'],
  ['%define version %version\nName: a\nVersion: %version', 'a', undefined],
  ['Summary: nothing', undefined, undefined],
  ['Name: a # comment\nVersion: 1.0  ', 'a', '1.0'],
])('%j', (text, name, version) => {
  expect(readSpecPreamble(text)).toEqual({ name, version, files: [] });
});

test('sources and patches that no condition leaves out', () => {
  const text = [
    ...['Name: hive', 'Version: 1.5', 'Source: http://example.org/%name/%name-%version.tar.gz'],
    ...['Source1: %watch', '%if_with wax', 'Source2: wax.tar', '%endif', 'PATCH0:%{name}-wings.patch'],
    ...['%description', 'Source: not this'],
  ].join('\n');
  expect(readSpecPreamble(text).files).toEqual(['hive-1.5.tar.gz', undefined, 'hive-wings.patch']);
});

test('any text is read', () => {
  const line = fc.tuple(
    fc.constantFrom('Name: ', 'Version: ', '%define a ', '%define b ', '%define version '),
    fc.stringMatching(/^[%{}?!:ab1 ]{0,12}$/),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
      const { name } = readSpecPreamble(lines.map((parts) => parts.join('')).join('\n'));
      if (name !== undefined) expect(name).toMatch(/^[^%\s{}]+$/);
    }),
  );
});

test.each([
  ['Name: a\n%files\n%changelog\n* Thu Jan 01 2026 A <a@example.org> - 1\n- First.\n', true],
  ['%changelog\n\n# newest first\n \n* Thu Jan 01 2026 A <a@example.org>\n', true],
  ['%changelog\n%autochangelog\n', true],
  ['%files\n%changelog', false],
  ['%changelog\n\n%files\n* not this', false],
  ['%changelog # none\n# nothing\n', false],
  ['%description\n* Thu Jan 01 2026\n', false],
])('change log: %j', (text, isThere) => {
  expect(hasChangelog(text)).toBe(isThere);
});
