// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { hasAptRpmLines, parseAptRpmLines } from './apt-rpm-lines.ts';

test('packages and sources of a repository are taken together, those of a vendor only when signed', () => {
  const text = `# Sisyphus
rpm [alt] http://mirror.example.org/Sisyphus x86_64 classic debuginfo
rpm-src [alt] http://mirror.example.org/Sisyphus x86_64 classic
rpm http://mirror.example.org/Sisyphus/ noarch classic # all
rpm-dir file:/srv/repo x86_64 hasher
rpm-src http://mirror.example.org/old x86_64 classic
`;
  expect(parseAptRpmLines(text, 'a.list')).toEqual([
    { uri: 'http://mirror.example.org/Sisyphus', suite: 'x86_64', components: ['classic'] },
    { uri: 'http://mirror.example.org/Sisyphus', suite: 'x86_64', components: ['debuginfo'] },
    { uri: 'http://mirror.example.org/Sisyphus', suite: 'noarch', components: ['classic'], trusted: true },
    { uri: 'rpm-dir+file:/srv/repo', suite: 'x86_64', components: ['hasher'], trusted: true },
    {
      uri: 'http://mirror.example.org/old',
      suite: 'x86_64',
      components: ['classic'],
      trusted: true,
      sourcesOnly: true,
    },
  ]);
});

test('a source line before its package line does not take the packages away', () => {
  const text = 'rpm-src file:/a b c\nrpm file:/a b c\n';
  expect(parseAptRpmLines(text, 'a.list')).toEqual([
    { uri: 'file:/a', suite: 'b', components: ['c'], trusted: true },
  ]);
});

test.each([
  ['deb http://mirror.example.org/debian sid main\n', 'a.list:1: not a line of apt-rpm'],
  ['\nrpm http://mirror.example.org/Sisyphus x86_64\n', 'a.list:2: an address'],
  ['rpm mirror x86_64 classic\n', 'not an address: mirror'],
])('%j is refused', (text, message) => {
  expect(() => parseAptRpmLines(text, 'a.list')).toThrow(message);
});

test('lines of apt-rpm are told from those of others', () => {
  expect(hasAptRpmLines('# rpm\nrpm-src file:/a b c')).toBe(true);
  expect(hasAptRpmLines('# rpm x\ndeb http://mirror.example.org/debian sid main')).toBe(false);
});
