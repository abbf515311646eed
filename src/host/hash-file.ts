// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { contentName, type DigestAlgorithm, type Sha256 } from '../base/digest.ts';

/** The SHA-256 of a file's content, read as a stream. */
export async function hashFile(path: string): Promise<Sha256> {
  return (await hashFileAs('sha256', path)) as Sha256;
}

/** What a file is called by its content, see {@link contentName}. */
export async function contentNameOfFile(
  path: string,
  algorithm: DigestAlgorithm = 'sha256',
): Promise<Sha256> {
  return contentName(algorithm, await hashFileAs(algorithm, path));
}

/** Another digest of a file's content, in hexadecimal digits. */
export function hashFileAs(algorithm: DigestAlgorithm, path: string): Promise<string> {
  return hashFileFrom(algorithm, path, 0);
}

/** A digest of a file's content from an offset on, in hexadecimal digits. */
export async function hashFileFrom(algorithm: DigestAlgorithm, path: string, start: number): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { start, highWaterMark: 1024 * 1024 }))
    hash.update(chunk as Buffer);
  return hash.digest('hex');
}
