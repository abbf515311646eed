// SPDX-License-Identifier: GPL-2.0-or-later
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintOf, normalise } from './fingerprint.ts';

const hive = { source: 'libhive', version: '1:2.10-3' };

test('places, versions, numbers, addresses and times of a package are left out', () => {
  const said = (text: string, named = hive): string => normalise(text, named);
  expect(said('/build/libhive-2.10/src/bee.c:12:4: expected 3 at 0x7fff12')).toBe(
    'PLACE: expected N at ADDRESS',
  );
  expect(said('libhive 2.10 needs wax >= 4.1.2')).toBe('PACKAGE N needs wax >= N');
  expect(said('hive.c: took 12.5 s on 2025-03-01T10:00:00Z')).toBe('PACKAGE.c: took N s on TIME');
  expect(said('cannot open /build/libhive-2.10/data/comb.txt')).toBe('cannot open comb.txt');
  expect(said('‘uint32_t’ does not name a type')).toBe("'uint32_t' does not name a type");
});

test('the same header missing in different packages is one fingerprint, another header another', () => {
  const of = (what: string, source: string): string =>
    fingerprintOf('missing-header', what, { source, version: '1.0-1' });
  expect(of('zlib.h', 'hello')).toBe(of('zlib.h', 'tree'));
  expect(of('zlib.h', 'hello')).not.toBe(of('lzma.h', 'hello'));
  expect(of('ncursesw/panel.h', 'hello')).toBe('missing-header: ncursesw/panel.h');
});

const name = fc.stringMatching(/^[a-z][a-z0-9]{3,11}$/);
const version = fc.stringMatching(/^[1-9]\.[1-9]{1,2}(\.[1-9])?-[1-9]$/);
interface Place {
  readonly source: string;
  readonly version: string;
  readonly line: number;
  readonly column: number;
  readonly address: string;
}
const place: fc.Arbitrary<Place> = fc.record({
  source: name,
  version,
  line: fc.nat(9999),
  column: fc.nat(99),
  address: fc.stringMatching(/^[0-9a-f]{4,12}$/),
});

test('for any two packages, lines, columns and addresses the same message has one fingerprint', () => {
  const said = ({ source, version: full, line, column, address }: Place): string => {
    const upstream = full.split('-')[0] ?? '';
    return normalise(
      `/build/${source}-${upstream}/lib/x.c:${line}:${column}: CHECK ${line} OF 0x${address} IN ${source} ${upstream} REFUSED`,
      { source, version: full },
    );
  };
  fc.assert(
    fc.property(place, place, (one, other) => {
      expect(said(one)).toBe(said(other));
    }),
  );
});

test('normalising twice is normalising once, and never grows beyond a line', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 400 }), name, version, (text, source, full) => {
      const named = { source, version: full };
      const once = normalise(text, named);
      expect(normalise(once, named)).toBe(once);
      expect(once.length).toBeLessThanOrEqual(200);
    }),
  );
});
