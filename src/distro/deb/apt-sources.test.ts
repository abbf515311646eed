// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isPasekaError } from '../../base/paseka-error.ts';
import type { Repository } from '../repository.ts';
import { parseAptSources } from './apt-sources.ts';
import { renderAptSources } from './apt-sources-writer.ts';

const uri = 'http://mirror.example.org/debian';

function failure(text: string): string {
  try {
    parseAptSources(text, 'my');
  } catch (error) {
    if (isPasekaError(error, 'bad-source-list')) return error.message;
    throw error;
  }
  throw new Error('it was accepted');
}

test('one-line entries with options, comments and a repeated deb-src', () => {
  const text = `# a comment
deb [ arch=amd64,arm64 signed-by=/etc/apt/keyrings/a.gpg trusted=yes ] ${uri}/ bookworm main contrib # tail
deb-src [arch=amd64,arm64] ${uri} bookworm main
deb [check-valid-until=no] file:/srv/repo ./
`;
  expect(parseAptSources(text, 'x')).toEqual([
    {
      uri,
      suite: 'bookworm',
      components: ['main', 'contrib'],
      signedBy: '/etc/apt/keyrings/a.gpg',
      trusted: true,
      architectures: ['amd64', 'arm64'],
    },
    { uri: 'file:/srv/repo', suite: './', components: [], checkValidUntil: false },
  ]);
});

test('a deb-src line of its own keeps only what no deb line has', () => {
  const text = `deb-src ${uri} sid main contrib\ndeb ${uri} sid main\n`;
  expect(parseAptSources(text, 'x')).toEqual([
    { uri, suite: 'sid', components: ['contrib'], sourcesOnly: true },
    { uri, suite: 'sid', components: ['main'] },
  ]);
});

test('the same repository twice is taken once', () => {
  expect(parseAptSources(`deb ${uri} sid main\ndeb ${uri}/ sid main\n`, 'x')).toHaveLength(1);
});

test('stanzas with several types, URIs and suites; disabled ones are left out', () => {
  const text = `# comment
Types: deb deb-src
URIs: ${uri} http://other.example.org/debian
Suites: bookworm bookworm-updates
Components: main non-free-firmware
Signed-By: /a.gpg /b.gpg

Enabled: no
Types: deb
URIs: http://disabled.example.org
Suites: x
Components: y
`;
  const parsed = parseAptSources(text, 'x');
  expect(parsed.map((repository) => `${repository.uri} ${repository.suite}`)).toEqual([
    `${uri} bookworm`,
    `${uri} bookworm-updates`,
    'http://other.example.org/debian bookworm',
    'http://other.example.org/debian bookworm-updates',
  ]);
  expect(parsed[0]).toEqual({
    uri,
    suite: 'bookworm',
    components: ['main', 'non-free-firmware'],
    signedBy: '/a.gpg,/b.gpg',
  });
});

test('an embedded key block is kept with its empty lines', () => {
  const text = `Types: deb
URIs: ${uri}
Suites: ./
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS/xcRfwEQWzr
 -----END PGP PUBLIC KEY BLOCK-----
`;
  expect(parseAptSources(text, 'x')[0]?.signedBy).toBe(
    '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS/xcRfwEQWzr\n-----END PGP PUBLIC KEY BLOCK-----',
  );
});

test('the suffix of the name decides about the format, as for apt', () => {
  expect(() => parseAptSources('rubbish', 'a.list')).toThrow('a.list:1: unknown type: rubbish');
  expect(() => parseAptSources(`deb ${uri} sid main`, 'a.sources')).toThrow('a.sources:1: not a field');
});

test('a file without entries has no repositories', () => {
  expect(parseAptSources('\n# nothing\n', 'x')).toEqual([]);
});

test.each([
  [`deb ${uri} bookworm\n`, 'my:1: no component after the suite bookworm'],
  [`deb ${uri}\n`, 'my:1: the suite is missing'],
  [`# first\n\ndeb [trusted=yes ${uri} bookworm main`, 'my:3: [ without its end'],
  [`deb [trusted=perhaps] ${uri} bookworm main`, 'my:1: neither yes nor no: perhaps'],
  [`deb ${uri} ./ main`, 'my:1: the suite ./ is a path, so no component may follow it'],
  ['deb mirror bookworm main', 'my:1: not a URI: mirror'],
  [`deb ${uri} sid main\nrpm ${uri} sid main\n`, 'my:2: unknown type: rpm'],
  [
    `Types: deb\nURIs: ${uri}\nSuites: sid\nComponents: main\n\n# next\nTypes: deb\nSuites: sid\n`,
    'my:7: the URI is missing',
  ],
  ['Types: deb\nrubbish\n', 'my:2: not a field: rubbish'],
])('%j is refused: %s', (text, message) => {
  expect(failure(text)).toBe(message);
});

const word = fc.stringMatching(/^[a-z][a-z0-9.+-]{0,8}$/);
const keyBlock = fc
  .array(fc.stringMatching(/^[A-Za-z0-9+/=]{0,20}$/), { maxLength: 4 })
  .map((lines) =>
    ['-----BEGIN PGP PUBLIC KEY BLOCK-----', '', ...lines, '-----END PGP PUBLIC KEY BLOCK-----'].join('\n'),
  );

const repository: fc.Arbitrary<Repository> = fc
  .record(
    {
      uri: fc.oneof(
        fc.tuple(word, word).map(([host, path]) => `http://${host}/${path}`),
        word.map((path) => `file:/${path}`),
      ),
      place: fc.oneof(
        fc.record({ suite: word, components: fc.uniqueArray(word, { minLength: 1, maxLength: 3 }) }),
        word.map((path) => ({ suite: `${path}/`, components: [] as string[] })),
      ),
      signedBy: fc.oneof(
        fc
          .uniqueArray(word, { minLength: 1, maxLength: 2 })
          .map((names) => names.map((name) => `/${name}.gpg`).join(',')),
        keyBlock,
      ),
      trusted: fc.boolean(),
      checkValidUntil: fc.boolean(),
      architectures: fc.uniqueArray(word, { minLength: 1, maxLength: 2 }),
      sourcesOnly: fc.constant(true as const),
    },
    { requiredKeys: ['uri', 'place'] },
  )
  .map(({ place, ...rest }) => ({ ...place, ...rest }));

test('what is rendered parses to the same repositories', () => {
  const lists = fc.uniqueArray(repository, {
    maxLength: 6,
    selector: (entry) => `${entry.uri} ${entry.suite}`,
  });
  fc.assert(
    fc.property(lists, (repositories) => {
      expect(parseAptSources(renderAptSources(repositories), 'x')).toEqual(repositories);
    }),
  );
});
