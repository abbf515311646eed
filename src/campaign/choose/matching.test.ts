// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { matchesMaintainer, matchesName, matchesSection } from './matching.ts';

test.each([
  ['lib*-perl', 'libmoo-perl', true],
  ['lib*-perl', 'perl', false],
  ['hello', 'hello-traditional', false],
  ['lib{moo,yaml}-*', 'libyaml-perl', true],
  ['g++*', 'g++-mingw', true],
  ['python[23]*', 'python3-defaults', true],
])('--match %s and %s: %s', (glob, name, matches) => {
  expect(matchesName(glob, name)).toBe(matches);
});

test.each([
  ['perl', 'perl', true],
  ['perl', 'contrib/perl', true],
  ['contrib/perl', 'perl', false],
  ['contrib/*', 'contrib/perl', true],
  ['libs', 'oldlibs', false],
])('--section %s and %s: %s', (wanted, section, matches) => {
  expect(matchesSection(wanted, section)).toBe(matches);
});

test.each([
  ['PERL group', 'Debian Perl Group <perl@lists.example.org>', true],
  ['lists.example.org', 'Debian Perl Group <perl@lists.example.org>', true],
  ['perl*', 'Debian Perl Group <perl@lists.example.org>', false],
  ['*perl*', 'Debian Perl Group <perl@lists.example.org>', true],
  ['*<*@lists.example.org>', 'A/B team <ab@lists.example.org>', true],
])('--maintainer %s and %s: %s', (wanted, maintainer, matches) => {
  expect(matchesMaintainer(wanted, maintainer)).toBe(matches);
});
