// SPDX-License-Identifier: GPL-2.0-or-later
import type { DescribedFile } from '../../package-description.ts';
import type { RpmFile } from './header-files.ts';

const kindMask = 0o170000;
const kinds: Readonly<Record<number, DescribedFile['kind']>> = {
  0o040000: 'directory',
  0o100000: 'file',
  0o120000: 'symlink',
};

/** A package's files as packages are compared by, by path. */
export function describeFiles(files: readonly RpmFile[]): Map<string, DescribedFile> {
  return new Map(
    files.map((file) => {
      const kind = kinds[file.mode & kindMask] ?? 'special';
      return [
        file.path,
        {
          kind,
          mode: formatPermissions(file.mode),
          owner: `${file.user}/${file.group}`,
          bytes: kind === 'file' ? file.bytes : 0,
          ...(kind === 'symlink' ? { target: file.target } : {}),
        },
      ];
    }),
  );
}

/** As `ls` shows them: `rwxr-sr-x`. */
export function formatPermissions(mode: number): string {
  const special = ['s', 's', 't'] as const;
  return [6, 3, 0]
    .map((shift, index) => {
      const bits = (mode >> shift) & 0o7;
      const isSpecial = (mode & (0o4000 >> index)) !== 0;
      const letter = special[index] ?? 't';
      const execute = (bits & 1) !== 0 ? (isSpecial ? letter : 'x') : isSpecial ? letter.toUpperCase() : '-';
      return `${(bits & 4) !== 0 ? 'r' : '-'}${(bits & 2) !== 0 ? 'w' : '-'}${execute}`;
    })
    .join('');
}
