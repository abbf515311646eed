// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAptRpmRelease, parseAptRpmRelease, type ReleasedFile, splitRelease } from './release-file.ts';

/** As genbasedir writes it. */
const written = `Origin: Apiary
Label: Comb
Suite: Comb
Codename: 20260101
Date: Thu, 01 Jan 2026 00:00:00 +0000
Architectures: x86_64
Components: classic debuginfo
Description: Comb x86_64
MD5Sum:
 0123456789abcdef0123456789abcdef 12 base/pkglist.classic
 1123456789abcdef0123456789abcdef 7 base/pkglist.classic.xz
BLAKE2b:
 ${'a'.repeat(128)} 12 base/pkglist.classic

`;

test('fields, components and files are read', () => {
  const { fields, components, files } = parseAptRpmRelease(written);
  expect(fields.get('origin')).toBe('Apiary');
  expect(fields.get('date')).toBe('Thu, 01 Jan 2026 00:00:00 +0000');
  expect(components).toEqual(['classic', 'debuginfo']);
  expect(Object.fromEntries(files)).toEqual({
    'base/pkglist.classic': {
      bytes: 12,
      digests: { md5: '0123456789abcdef0123456789abcdef', blake2b512: 'a'.repeat(128) },
    },
    'base/pkglist.classic.xz': { bytes: 7, digests: { md5: '1123456789abcdef0123456789abcdef' } },
  });
});

test('a signature stands behind what is signed', () => {
  const signature = '-----BEGIN PGP SIGNATURE-----\n\niQ\n-----END PGP SIGNATURE-----\n';
  expect(splitRelease(written)).toEqual({ signed: written, signature: undefined });
  expect(splitRelease(written + signature)).toEqual({ signed: written, signature });
  // what stands behind it vouches for nothing
  expect(
    parseAptRpmRelease(`${written}${signature}\nMD5Sum:\n ${'0'.repeat(32)} 1 base/pkglist.evil\n`).files
      .size,
  ).toBe(2);
});

test('what is written is read again', () => {
  const digits = (count: number): fc.Arbitrary<string> =>
    fc.stringMatching(new RegExp(`^[0-9a-f]{${count}}$`));
  const file: fc.Arbitrary<ReleasedFile> = fc
    .record({ bytes: fc.nat(), md5: digits(32), blake2b512: digits(128) })
    .map(({ bytes, ...digests }) => ({ bytes, digests }));
  const path = fc.stringMatching(/^base\/[a-z.]{1,12}$/);
  fc.assert(
    fc.property(
      fc.uniqueArray(path, { maxLength: 5 }),
      fc.array(file, { minLength: 5, maxLength: 5 }),
      (paths, some) => {
        const files = new Map(paths.map((one, index) => [one, some[index] as ReleasedFile]));
        const text = formatAptRpmRelease({ Origin: 'Apiary', Components: 'classic' }, files);
        const read = parseAptRpmRelease(text);
        expect(read.files).toEqual(files);
        expect(read.components).toEqual(['classic']);
      },
    ),
  );
});

test('any text is read, and gives no digest that is none', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      for (const { bytes, digests } of parseAptRpmRelease(`MD5Sum:\n${text}`).files.values()) {
        expect(Number.isSafeInteger(bytes)).toBe(true);
        expect(Object.values(digests).every((one) => /^[0-9a-f]+$/.test(one ?? ''))).toBe(true);
      }
    }),
  );
});
