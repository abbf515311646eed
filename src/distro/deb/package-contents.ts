// SPDX-License-Identifier: GPL-2.0-or-later
import type { DescribedFile } from '../package-description.ts';

const kinds: Readonly<Record<string, DescribedFile['kind']>> = {
  '-': 'file',
  d: 'directory',
  l: 'symlink',
  h: 'hard-link',
};

/** Parses what `dpkg-deb --contents` prints: a line for each entry of the archive, as tar lists them. */
export function parseContents(text: string): Map<string, DescribedFile> {
  const files = new Map<string, DescribedFile>();
  for (const line of text.split('\n')) {
    const match = /^(.)([r-][w-][xsS-][r-][w-][xsS-][r-][w-][xtT-]) (\S+) +(\S+) \S+ \S+ \.?(\/.*)$/.exec(
      line,
    );
    if (match === null) continue;
    const [, letter = '', mode = '', owner = '', bytes = '', rest = ''] = match;
    const kind = kinds[letter] ?? 'special';
    const arrow = kind === 'symlink' ? ' -> ' : ' link to ';
    const at = kind === 'symlink' || kind === 'hard-link' ? rest.indexOf(arrow) : -1;
    const path = (at < 0 ? rest : rest.slice(0, at)).replace(/(.)\/$/, '$1');
    const target = at < 0 ? undefined : rest.slice(at + arrow.length).replace(/^\.\//, '/');
    if (path === '/') continue;
    files.set(path, {
      kind,
      mode,
      owner,
      bytes: kind === 'file' ? Number(bytes) || 0 : 0,
      ...(target === undefined ? {} : { target }),
    });
  }
  return files;
}
