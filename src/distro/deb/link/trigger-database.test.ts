// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import {
  formatInterest,
  PathTriggers,
  parseFileInterests,
  parseNamedInterests,
  parseTriggers,
} from './trigger-database.ts';

test('the directives of a package', () => {
  expect(
    parseTriggers(
      '# how\ninterest-noawait /usr/share/man\ninterest  ldconfig\n\nactivate-noawait ldconfig # now\n',
    ),
  ).toEqual({
    interests: [
      { trigger: '/usr/share/man', noAwait: true },
      { trigger: 'ldconfig', noAwait: false },
    ],
    activates: ['ldconfig'],
  });
  expect(parseTriggers('')).toEqual({ interests: [], activates: [] });
});

test.each(['interest', 'interest a b', 'interest-later a', 'observe a'])('not understood: %s', (text) => {
  expect(parseTriggers(text)).toBeUndefined();
});

test('the database is read and written as dpkg has it', () => {
  const file = '/usr/share/fonts fontconfig\n/a path/with blanks libc-bin/noawait\n';
  const interests = parseFileInterests(file);
  expect(interests).toEqual([
    { trigger: '/usr/share/fonts', package: 'fontconfig', noAwait: false },
    { trigger: '/a path/with blanks', package: 'libc-bin', noAwait: true },
  ]);
  expect(interests.map((interest) => `${formatInterest(interest)}\n`).join('')).toBe(file);
  const named = 'libc-bin\nlibx:amd64/noawait\n';
  expect(
    parseNamedInterests('ldconfig', named)
      .map((one) => `${formatInterest(one)}\n`)
      .join(''),
  ).toBe(named);
});

test('a path sets off the interests in itself and in the directories above it, by whole names', () => {
  const interest = (trigger: string) => ({ trigger, package: 'x', noAwait: true });
  const triggers = new PathTriggers([interest('/usr/lib'), interest('/usr/lib/a/b'), interest('/usr/libx')]);
  expect([...triggers.setOffBy('/usr/lib/a/b')]).toEqual(['/usr/lib/a/b', '/usr/lib']);
  expect([...triggers.setOffBy('/usr/lib/a/bc')]).toEqual(['/usr/lib']);
  expect([...triggers.setOffBy('/usr')]).toEqual([]);
});
