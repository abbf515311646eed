// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRepomd, RepomdError } from './repomd.ts';

const digest = 'ab'.repeat(32);

function repomd(primary: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>1700000000</revision>
  <data type="primary">${primary}</data>
  <data type="filelists">
    <checksum type="sha512">${'cd'.repeat(64)}</checksum>
    <open-checksum type="sha256">${'ef'.repeat(32)}</open-checksum>
    <location href="repodata/filelists.xml.zst"/>
    <timestamp>1700000123.25</timestamp>
    <size>42</size>
  </data>
  <data type="group"><location href="repodata/comps.xml"/></data>
</repomd>
`;
}

const primary = `<checksum type="sha256">${digest.toUpperCase()}</checksum><location href="repodata/primary.xml.gz"/>
  <timestamp>1700000100</timestamp><size>7</size>`;

test('the indices with their checksums', () => {
  expect(parseRepomd(repomd(primary))).toEqual({
    revision: '1700000000',
    timestamp: 1_700_000_123,
    primary: {
      href: 'repodata/primary.xml.gz',
      checksum: { algorithm: 'sha256', value: digest },
      bytes: 7,
    },
    filelists: {
      href: 'repodata/filelists.xml.zst',
      checksum: { algorithm: 'sha512', value: 'cd'.repeat(64) },
      bytes: 42,
    },
  });
});

test.each([
  ['<html><body>Welcome</body></html>', 'repomd'],
  ['not XML', 'line 1'],
  [repomd(primary).slice(0, 400), 'line'],
  [repomd(primary.replace('sha256', 'md5')), 'no checksum that is safe enough, only md5'],
  [repomd(primary.replace(digest.toUpperCase(), 'abc')), 'bad checksum: abc'],
  [repomd(primary.replace('repodata/', '../../')), 'bad location'],
  [repomd(primary.replace('repodata/', 'http://elsewhere.example.org/')), 'bad location'],
  [repomd(primary.replace('<size>7', '<size>-7')), 'bad size: -7'],
  [repomd(primary).replace('type="primary"', 'type="other"'), 'no primary index'],
])('what is none is refused: %#', (xml, message) => {
  expect(() => parseRepomd(xml)).toThrow(RepomdError);
  expect(() => parseRepomd(xml)).toThrow(message);
});

test('rubbish is refused and nothing else happens', () => {
  const good = repomd(primary);
  fc.assert(
    fc.property(fc.nat(good.length), fc.nat(40), fc.string({ maxLength: 8 }), (at, length, rubbish) => {
      try {
        parseRepomd(good.slice(0, at) + rubbish + good.slice(at + length));
      } catch (error) {
        expect(error).toBeInstanceOf(RepomdError);
      }
    }),
  );
});
