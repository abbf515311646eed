// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { classifyAptFailure, failedUrls, parseAptReport } from './apt-failure.ts';

// What apt 2.6 and 3.0 really said, with other addresses.
const base = 'http://mirror.example.org/debian';

test.each([
  [
    'unknown-suite',
    `Ign:1 ${base} bookwrm InRelease\nErr:2 ${base} bookwrm Release\n  404  Not Found [IP: 203.0.113.80 80]\n`,
    `E: The repository '${base} bookwrm Release' does not have a Release file.\n`,
    `${base} has no release file of bookwrm (404  Not Found [IP: 203.0.113.80 80])`,
  ],
  [
    'mirror-unreachable',
    '',
    `E: Failed to fetch ${base}/dists/bookworm/InRelease  Could not connect to mirror.example.org:80 (203.0.113.80). - connect (111: Connection refused)\nE: Some index files failed to download. They have been ignored, or old ones used instead.\n`,
    `Failed to fetch ${base}/dists/bookworm/InRelease  Could not connect to mirror.example.org:80 (203.0.113.80). - connect (111: Connection refused)`,
  ],
  [
    'mirror-unreachable',
    `Ign:1 ${base} small InRelease\nErr:1 ${base} small InRelease\n  Could not connect to mirror.example.org:80 (203.0.113.80). - connect (111: Connection refused)\n  Unable to connect to mirror.example.org:http:\nReading package lists...\n`,
    `E: Failed to fetch ${base}/dists/small/InRelease  Unable to connect to mirror.example.org:http:\nE: Some index files failed to download. They have been ignored, or old ones used instead.\n`,
    `Failed to fetch ${base}/dists/small/InRelease  Could not connect to mirror.example.org:80 (203.0.113.80). - connect (111: Connection refused)`,
  ],
  [
    'mirror-unreachable',
    `Err:1 ${base} small InRelease\n  403  Forbidden\n`,
    `E: Failed to fetch ${base}/dists/small/InRelease  403  Forbidden [IP: 203.0.113.80 80]\nE: The repository '${base} small InRelease' is not signed.\n`,
    `Failed to fetch ${base}/dists/small/InRelease  403  Forbidden [IP: 203.0.113.80 80]`,
  ],
  [
    'signature-invalid',
    '',
    `W: GPG error: ${base} small InRelease: The following signatures were invalid: BADSIG D5D2 Test\nE: The repository '${base} small InRelease' is not signed.\n`,
    `GPG error: ${base} small InRelease: The following signatures were invalid: BADSIG D5D2 Test`,
  ],
  [
    'signature-invalid',
    '',
    `W: OpenPGP signature verification failed: ${base} sid InRelease: Sub-process /usr/bin/sqv returned an error code (1), error message is: Missing key D5D2, which is needed to verify signature.\nE: The repository '${base} sid InRelease' is not signed.\n`,
    `OpenPGP signature verification failed: ${base} sid InRelease: Sub-process /usr/bin/sqv returned an error code (1), error message is: Missing key D5D2, which is needed to verify signature.`,
  ],
  [
    'signature-invalid',
    '',
    `E: OpenPGP signature verification failed: ${base} small InRelease: Sub-process /usr/bin/sqv returned an error code (1), error message is: Verifying signature:            Message has been manipulated\nE: The repository '${base} small InRelease' is not signed.\n`,
    `OpenPGP signature verification failed: ${base} small InRelease: Sub-process /usr/bin/sqv returned an error code (1), error message is: Verifying signature: Message has been manipulated`,
  ],
  [
    'index-expired',
    '',
    `E: Release file for ${base}/dists/small/InRelease is expired (invalid since 60min 0s). Updates for this repository will not be applied.\n`,
    `Release file for ${base}/dists/small/InRelease is expired (invalid since 60min 0s). Updates for this repository will not be applied.`,
  ],
  [
    'index-corrupt',
    '',
    `E: Failed to fetch ${base}/dists/small/main/binary-amd64/Packages.gz  File has unexpected size (173 != 347). Mirror sync in progress? [IP: 203.0.113.80 80]\n   Hashes of expected file:\n    - Filesize:347 [weak]\nE: Some index files failed to download.\n`,
    `Failed to fetch ${base}/dists/small/main/binary-amd64/Packages.gz  File has unexpected size (173 != 347). Mirror sync in progress? [IP: 203.0.113.80 80]`,
  ],
  [
    'index-corrupt',
    'Err:4 copy:/srv/small small/main amd64 Packages\n  Undetermined Error\n',
    'E: Failed to fetch copy:/srv/small/dists/small/main/binary-amd64/Packages  Undetermined Error\nE: Some index files failed to download.\n',
    'Failed to fetch copy:/srv/small/dists/small/main/binary-amd64/Packages  Undetermined Error',
  ],
  [
    'mirror-inconsistent',
    '',
    `E: Failed to fetch ${base}/dists/small/main/binary-amd64/Packages  404  Not Found [IP: 203.0.113.80 80]\nE: Some index files failed to download.\n`,
    `Failed to fetch ${base}/dists/small/main/binary-amd64/Packages  404  Not Found [IP: 203.0.113.80 80]`,
  ],
  [
    'disk-full',
    '',
    `W: GPG error: ${base} small InRelease: At least one invalid signature was encountered.\nE: Error writing to output file - write (28: No space left on device)\n`,
    'Error writing to output file - write (28: No space left on device)',
  ],
  [
    'bad-source-list',
    '',
    `E: Conflicting values set for option Trusted regarding source ${base}/ small\nE: The list of sources could not be read.\n`,
    `Conflicting values set for option Trusted regarding source ${base}/ small`,
  ],
  ['tool-failed', '', 'E: Something new\n', 'apt-get update failed: Something new'],
])('%s', (code, stdout, stderr, message) => {
  const error = classifyAptFailure(parseAptReport(stdout, stderr));
  expect({ code: error.code, message: error.message }).toEqual({ code, message });
  expect(error.hint).not.toBe('');
});

test('tells which repositories have no release file and which addresses failed', () => {
  const report = parseAptReport(
    'Ign:1 file:/srv/flat ./ InRelease\nIgn:2 file:/srv/flat ./ Release\n',
    'E: Failed to fetch file:/srv/flat/./Sources  File not found - (2: No such file or directory)\n',
  );
  expect([...report.withoutRelease]).toEqual(['file:/srv/flat ./']);
  expect(failedUrls(report)).toEqual(['file:/srv/flat/./Sources']);
});
