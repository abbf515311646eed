// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { Sha256 } from '../../base/digest.ts';
import type { Archive } from '../../distro/archive-check.ts';
import { findFileClashes, type OpenedPackage } from './find-file-clashes.ts';

const archive: Pick<Archive, 'mayShareFiles'> = { mayShareFiles: (one, other) => one.name === other.name };

test('two packages with one path clash unless it is the same file to the packaging system', () => {
  const comb = opened('comb', { '/etc/bee': 'a', '/etc/wax': 'a', '/etc/own': undefined });
  const hive = opened('hive', { '/etc/bee': 'a', '/etc/wax': 'b', '/etc/own': undefined });
  const nest = opened('nest', { '/etc/bee': 'a', '/etc/wax': undefined });
  const found = findFileClashes(archive as Archive, [comb, hive], [nest], () => false);
  expect(found.map(({ path, changed, other }) => [path, changed.package, other.package])).toEqual([
    ['/etc/own', 'comb', 'hive'],
    ['/etc/wax', 'comb', 'hive'],
    ['/etc/wax', 'comb', 'nest'],
    ['/etc/wax', 'hive', 'nest'],
  ]);
  const known = findFileClashes(archive as Archive, [comb, hive], [nest], (path) => path === '/etc/wax');
  expect(known.map(({ path }) => path)).toEqual(['/etc/own']);
});

function opened(name: string, files: Readonly<Record<string, string | undefined>>): OpenedPackage {
  return {
    package: {
      from: 'local',
      name,
      version: '1',
      architecture: 'noarch',
      fileName: name,
      path: name,
      sha256: name as Sha256,
      bytes: 1,
    },
    files: {
      files: Object.entries(files).map(([path, likeness]) => ({
        path,
        kind: 'file' as const,
        location: path,
        ...(likeness === undefined ? {} : { likeness }),
      })),
      movesAway: () => false,
    },
  };
}
