// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { sha256 } from '../base/digest.ts';
import { parseSnapshot, renderSnapshot, type Snapshot, wishKey } from './snapshot.ts';

const repository = { uri: 'http://mirror.example.org/debian', suite: 'sid', components: ['main'] };

const snapshot: Snapshot = {
  id: sha256('x'),
  kind: 'deb',
  createdAt: '2026-01-02T03:04:05.000Z',
  suite: 'sid',
  architecture: 'amd64',
  repositories: [
    repository,
    { uri: 'file:/srv', suite: './', components: [], trusted: true, sourcesOnly: true },
  ],
  releases: [
    {
      uri: 'http://mirror.example.org/debian/',
      suite: 'sid',
      codename: 'sid',
      origin: 'Debian',
      components: ['main'],
      date: '2026-01-01T00:00:00.000Z',
      signed: true,
    },
  ],
};

test('a description is read as it was written', () => {
  expect(parseSnapshot(renderSnapshot(snapshot))).toEqual(snapshot);
});

test('a snapshot that does not say its packaging system is of the first one', () => {
  const { kind: _, ...old } = snapshot;
  expect(parseSnapshot(JSON.stringify({ version: 1, ...old }))).toEqual(snapshot);
});

test('anything else is not a description', () => {
  expect(parseSnapshot('')).toBeUndefined();
  expect(parseSnapshot('{}')).toBeUndefined();
  expect(parseSnapshot(renderSnapshot(snapshot).replace('"version": 1', '"version": 2'))).toBeUndefined();
  expect(parseSnapshot(renderSnapshot(snapshot).replace(snapshot.id, '../..'))).toBeUndefined();
});

test('wishes are the same where they ask for the same content', () => {
  const wish = { kind: 'deb', suite: 'sid', architecture: 'amd64', repositories: [repository] } as const;
  const variant = (more: object): string => wishKey({ ...wish, repositories: [{ ...repository, ...more }] });
  expect(variant({ signedBy: '/key.gpg', checkValidUntil: false })).toBe(wishKey(wish));
  expect(variant({ uri: 'http://bee:wax@mirror.example.org/debian' })).toBe(wishKey(wish));
  expect(wishKey({ ...wish, suite: 'unstable' })).toBe(wishKey(wish));
  for (const other of [
    { trusted: true },
    { sourcesOnly: true },
    { components: ['contrib'] },
    { priority: 1 },
    { signatureOf: 'packages' },
    { signatureOf: 'both' },
    { suite: 'trixie' },
  ]) {
    expect(variant(other), JSON.stringify(other)).not.toBe(wishKey(wish));
  }
  const signedPackages = { signatureOf: 'packages', signedBy: '/key.gpg' };
  expect(variant({ ...signedPackages, signedBy: '/other.gpg' })).not.toBe(variant(signedPackages));
  expect(wishKey({ ...wish, architecture: 'arm64' })).not.toBe(wishKey(wish));
  expect(wishKey({ ...wish, kind: 'rpm' })).not.toBe(wishKey(wish));
});
