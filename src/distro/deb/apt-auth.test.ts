// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { findCredentials, parseAuthConf } from './apt-auth.ts';

function credentialsIn(text: string, url: string): string | undefined {
  const found = findCredentials(parseAuthConf(text), new URL(url));
  return found === undefined ? undefined : `${found.user}:${found.password}`;
}

// The examples of apt_auth.conf(5).
test.each([
  ['machine example.org login apt password debian', true],
  ['machine example.org\nlogin apt\npassword debian\n', true],
  ['machine example.org/deb login apt password debian', true],
  ['machine example.org/debian/ login apt password debian', true],
  ['machine example.org:443 login apt password debian', false],
  ['machine example.org/deb/ login apt password debian', false],
  ['machine example.org/ubuntu login apt password debian', false],
  ['machine example.orga login apt password debian', false],
  ['machine http://example.org login apt password debian', false],
])('%j for an https repository: %s', (text, matches) => {
  expect(credentialsIn(text, 'https://example.org/debian/pool/a.deb')).toBe(
    matches ? 'apt:debian' : undefined,
  );
});

test('without a protocol an entry never matches http; the first match wins', () => {
  const text =
    '# machine h login no password no\nmachine h login a password 1 machine http://h:8080/x login b password 2';
  expect(credentialsIn(text, 'http://h/x')).toBeUndefined();
  expect(credentialsIn(text, 'http://h:8080/x/y')).toBe('b:2');
  expect(credentialsIn(text, 'https://h/')).toBe('a:1');
});
