// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { Repository } from '../repository.ts';
import { chooseRepositories } from './choose-repositories.ts';

const uri = 'http://mirror.example.org/debian';
const archiveKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

function repository(suite: string, more: Partial<Repository> = {}): Repository {
  return { uri, suite, components: ['main'], ...more };
}

const vendor = repository('stable', { uri: 'http://vendor.example.org', signedBy: '/vendor.gpg' });
const host = {
  repositories: [
    repository('./', { uri: 'cdrom:[Debian]', components: [] }),
    vendor,
    repository('bookworm', { components: ['main', 'contrib'], signedBy: '/own.gpg' }),
    repository('bookworm-updates'),
    repository('bookworm-security', { uri: 'http://security.example.org/debian-security' }),
    repository('bookworm-proposed-updates'),
    repository('bookworm-backports'),
    repository('bookworm-backports-sloppy'),
  ],
  codename: 'bookworm',
  archiveKeyring,
};

test("the host's own suite comes with its updates, security and enabled backports", () => {
  const expected = ['bookworm', 'bookworm-updates', 'bookworm-security', 'bookworm-backports'];
  expect(chooseRepositories({ suite: 'bookworm' }, host).repositories.map(({ suite }) => suite)).toEqual(
    expected,
  );
  expect(chooseRepositories({}, host)).toEqual(chooseRepositories({ suite: 'bookworm' }, host));
});

test("another suite comes from the host's main mirror with the archive's keyring", () => {
  expect(chooseRepositories({ suite: 'sid' }, host)).toEqual({
    suite: 'sid',
    repositories: [{ uri, suite: 'sid', components: ['main', 'contrib'], signedBy: archiveKeyring }],
  });
});

test('a mirror is taken alone, also on a host without repositories', () => {
  const wanted = { suite: 'trixie', mirror: 'http://near.example.org/debian/' };
  expect(chooseRepositories(wanted, { ...host, repositories: [] }).repositories).toEqual([
    {
      uri: 'http://near.example.org/debian',
      suite: 'trixie',
      components: ['main'],
      signedBy: archiveKeyring,
    },
  ]);
});

test("without the archive's keyring the main repository's is taken", () => {
  const chosen = chooseRepositories({ suite: 'sid' }, { ...host, archiveKeyring: undefined });
  expect(chosen.repositories[0]?.signedBy).toBe('/own.gpg');
});

test('a host that names its suite by a class', () => {
  const stable = { ...host, repositories: [repository('stable')] };
  expect(chooseRepositories({ suite: 'trixie' }, stable).repositories).toMatchObject([
    { uri, suite: 'trixie' },
  ]);
  expect(chooseRepositories({ suite: 'stable' }, stable).repositories).toEqual([repository('stable')]);
});

test('nothing to start from, and a suite that is none', () => {
  const none = { repositories: [], codename: '', archiveKeyring: undefined };
  expect(() => chooseRepositories({}, none)).toThrow('no suite was named');
  expect(() => chooseRepositories({ suite: 'sid' }, none)).toThrow('no repository to take sid from');
  expect(() => chooseRepositories({ suite: '../x y' }, host)).toThrow('not a suite');
});
