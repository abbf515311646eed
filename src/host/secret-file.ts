// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { asDiskFull, isErrno } from './files.ts';

/** Not through a link, for who could put one there could read what is written. */
const reading = constants.O_RDONLY | constants.O_NOFOLLOW;

/** The text of a file that nobody but its owner may read; undefined where there is none, or others might have read it. */
export async function readSecret(path: string): Promise<string | undefined> {
  try {
    await using file = await fs.open(path, reading);
    const { mode } = await file.stat();
    return (mode & 0o077) === 0 ? await file.readFile('utf8') : undefined;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP')) return undefined;
    throw error;
  }
}

/**
 * Writes such a file at once: `always` in the place of the one that was there, or only `where-absent`; false where that one
 * stays. Throws PasekaError disk-full.
 */
export async function writeSecret(
  path: string,
  text: string,
  when: 'always' | 'where-absent',
): Promise<boolean> {
  const beside = `${path}.${randomUUID()}.new`;
  try {
    await fs.writeFile(beside, text, { mode: 0o600, flag: 'wx' });
    if (when === 'always') await fs.rename(beside, path);
    else await fs.link(beside, path);
    return true;
  } catch (error) {
    if (when === 'where-absent' && isErrno(error, 'EEXIST')) return false;
    throw asDiskFull(error, path);
  } finally {
    await fs.rm(beside, { force: true });
  }
}
