// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash } from 'node:crypto';

/** A SHA-256 as 64 lower-case hexadecimal digits. */
export type Sha256 = string & { readonly __brand: 'Sha256' };

/** `text` as a {@link Sha256}, or undefined where it isn't one. */
export function parseSha256(text: string): Sha256 | undefined {
  return /^[0-9a-f]{64}$/.test(text) ? (text as Sha256) : undefined;
}

/** The SHA-256 of a string (as UTF-8) or of bytes. */
export function sha256(data: string | Uint8Array): Sha256 {
  return createHash('sha256').update(data).digest('hex') as Sha256;
}

export type DigestAlgorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'blake2b512';

/**
 * What a file is called by its content: its SHA-256. Of another digest, by which alone it is known beforehand, a name is made that
 * can be no other file's.
 */
export function contentName(algorithm: DigestAlgorithm, hex: string): Sha256 {
  return algorithm === 'sha256' ? (hex as Sha256) : digestOfParts({ [algorithm]: hex });
}

/** Any digest of bytes that come in pieces, in hexadecimal digits. */
export function digestOfPieces(algorithm: DigestAlgorithm, pieces: Iterable<Uint8Array>): string {
  const hash = createHash(algorithm);
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}

/**
 * A digest of named parts, for keys: every part is length-prefixed, so that no two different lists of parts run
 * together to the same bytes. Names are given in the order of the call, which the caller keeps stable.
 */
export function digestOfParts(parts: Readonly<Record<string, string>>): Sha256 {
  const hash = createHash('sha256');
  for (const [name, value] of Object.entries(parts)) {
    hash.update(`${name.length}:${name}${Buffer.byteLength(value)}:${value}`);
  }
  return hash.digest('hex') as Sha256;
}
