// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parseReleaseFile } from './release-file.ts';

const inRelease = `-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA512

Origin: Debian
Label: Debian Backports
Suite: stable-backports
Codename: pebble-backports
Version: 12.1
Date: Sat, 10 May 2025 09:31:50 UTC
NotAutomatic: yes
ButAutomaticUpgrades: yes
Architectures: all amd64
Components: main contrib
SHA256:
 0f 12 main/binary-amd64/Packages
 0e 10 main/binary-amd64/Packages.xz
-----BEGIN PGP SIGNATURE-----

iQIzBAEBCgAdFiEE
-----END PGP SIGNATURE-----
`;

test('reads a signed release file', () => {
  expect(parseReleaseFile(inRelease)).toEqual({
    origin: 'Debian',
    label: 'Debian Backports',
    archive: 'stable-backports',
    codename: 'pebble-backports',
    version: '12.1',
    date: '2025-05-10T09:31:50.000Z',
    architectures: ['all', 'amd64'],
    components: ['main', 'contrib'],
    notAutomatic: true,
    butAutomaticUpgrades: true,
    files: new Set(['main/binary-amd64/Packages', 'main/binary-amd64/Packages.xz']),
  });
});

test('a repository without a release file says nothing', () => {
  expect(parseReleaseFile('')).toMatchObject({ origin: '', date: '', components: [], notAutomatic: false });
});
