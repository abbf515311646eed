// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { dearmor } from './dearmor.ts';

function armoured(content: string, headers = 'Comment: of the hive\n'): string {
  const base64 = Buffer.from(content)
    .toString('base64')
    .replace(/(.{8})/g, '$1\n');
  return `-----BEGIN PGP PUBLIC KEY BLOCK-----\n${headers}\n${base64}\n=abcd\n-----END PGP PUBLIC KEY BLOCK-----\n`;
}

test('all blocks of a text become keys in a row', () => {
  const text = `uid: the hive\n${armoured('first key')}between\n${armoured('second', '')}`;
  expect(Buffer.from(dearmor(text) ?? '').toString()).toBe('first keysecond');
  expect(Buffer.from(dearmor(text.replaceAll('\n', '\r\n')) ?? '').toString()).toBe('first keysecond');
});

test('what is no key is none', () => {
  expect(dearmor('')).toBeUndefined();
  expect(dearmor('<html>not found</html>')).toBeUndefined();
  expect(dearmor(armoured('x').replace('eA==', '???'))).toBeUndefined();
});
