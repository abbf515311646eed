// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Sha256 } from '../base/digest.ts';

/** The SHA-256 of a file's content, read as a stream. */
export async function hashFile(path: string): Promise<Sha256> {
  return (await hashFileAs('sha256', path)) as Sha256;
}

/** Another digest of a file's content, in hexadecimal digits. */
export async function hashFileAs(
  algorithm: 'md5' | 'sha256' | 'sha384' | 'sha512',
  path: string,
): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
