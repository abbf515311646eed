// SPDX-License-Identifier: GPL-2.0-or-later
import { basename } from 'node:path';
import { parseSha256, type Sha256 } from '../../base/digest.ts';
import { fieldRows, parseDeb822 } from './deb822.ts';

/** A file that a `.changes` lists (deb-changes(5)). */
export interface ChangedFile {
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: Sha256;
}

export interface ChangesFile {
  readonly source: string;
  readonly version: string;
  readonly files: readonly ChangedFile[];
}

/** Parses a `.changes`; undefined where a needed field is missing or malformed. Throws Deb822Error. */
export function parseChangesFile(text: string): ChangesFile | undefined {
  const [paragraph] = parseDeb822(text);
  const source = paragraph?.get('source')?.split(' ')[0];
  const version = paragraph?.get('version');
  if (paragraph === undefined || source === undefined || version === undefined) return undefined;
  const files: ChangedFile[] = [];
  for (const [digest = '', bytes = '', fileName = ''] of fieldRows(paragraph, 'checksums-sha256')) {
    const sha256 = parseSha256(digest);
    if (sha256 === undefined || fileName === '' || fileName !== basename(fileName)) return undefined;
    files.push({ fileName, bytes: Number(bytes), sha256 });
  }
  return { source, version, files };
}
