// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { armor } from './armor.ts';
import { dearmor } from './dearmor.ts';

test('armoured blocks have the key and its checksum', () => {
  // RFC 9580 has no example of a key alone: CRC-24/OPENPGP of "123456789" is 21cf02
  expect(armor(Buffer.from('123456789'))).toBe(
    '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nMTIzNDU2Nzg5\n=Ic8C\n-----END PGP PUBLIC KEY BLOCK-----\n',
  );
});

test('what was armoured is read as it was', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (key) => {
      expect(Buffer.from(dearmor(armor(key)) ?? []).equals(key)).toBe(true);
    }),
  );
});
