// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parseRepoFile } from './repo-file.ts';

const parse = (text: string, release?: string): unknown => parseRepoFile(text, 'hive.repo', release);

test('enabled repositories, with what says how they are signed and preferred', () => {
  const text = `# of the hive
[main]
best=1
[hive]
name = The hive
baseurl = http://mirror.example.org/rpm/$releasever/\${basearch}/
          http://other.example.org/rpm/
gpgkey=file:///etc/pki/hive.asc
  file:///etc/pki/old.asc
repo_gpgcheck=1
priority=10

[meadow]
metalink=https://mirror.example.org/metalink?repo=meadow&arch=$basearch
gpgcheck=yes
gpgkey=file:///etc/pki/meadow.asc
[plain]
baseurl=/srv/plain
path=/sub
gpgcheck=0
proxy=_none_
[both]
baseurl=/srv/both
gpgcheck=1
repo_gpgcheck=1
gpgkey=file:///etc/pki/both.asc
[asleep]
enabled=0
`;
  expect(parse(text, '40.1')).toEqual([
    {
      uri: 'http://mirror.example.org/rpm/40.1/$basearch/',
      suite: 'hive',
      components: [],
      signedBy: 'file:///etc/pki/hive.asc,file:///etc/pki/old.asc',
      priority: 10,
    },
    {
      uri: 'metalink+https://mirror.example.org/metalink?repo=meadow&arch=$basearch',
      suite: 'meadow',
      components: [],
      signedBy: 'file:///etc/pki/meadow.asc',
      signatureOf: 'packages',
    },
    { uri: 'file:///srv/plain/sub', suite: 'plain', components: [], trusted: true },
    {
      uri: 'file:///srv/both',
      suite: 'both',
      components: [],
      signedBy: 'file:///etc/pki/both.asc',
      signatureOf: 'both',
    },
  ]);
});

test.each([
  ['baseurl=http://mirror.example.org/\n', 'hive.repo:1: not an option'],
  ['[a]\nnonsense\n', 'hive.repo:2: not an option: nonsense'],
  ['[a]\nname=a\n', 'hive.repo:1: [a] has no baseurl'],
  ['[a]\nbaseurl=http://mirror.example.org/\n[a]\n', 'hive.repo:3: [a] stands there twice'],
  ['[a]\nbaseurl=http://mirror.example.org/\nenabled=perhaps\n', 'neither yes nor no: perhaps'],
  ['[a]\nbaseurl=http://mirror.example.org/\npriority=high\n', 'priority is no number: high'],
  ['[a]\nbaseurl=http://mirror.example.org/$releasever\n', 'say which, by --suite'],
  ['[a]\nbaseurl=http://mirror.example.org/$colour\n', 'a variable that is not known here: $colour'],
  ['[a]\nbaseurl=http://mirror.example.org/\nexcludepkgs=kernel*\n', 'excludepkgs is not supported here'],
  [
    '[a]\nbaseurl=http://mirror.example.org/\nusername=bee\n',
    'username is not supported here: write it into',
  ],
  [
    '[a]\nbaseurl=http://mirror.example.org/\nproxy=http://proxy.example.org\n',
    'proxy is not supported here',
  ],
])('%j is refused', (text, message) => {
  expect(() => parse(text)).toThrow(message);
});
