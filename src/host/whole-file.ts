// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { open, rename, rm, stat } from 'node:fs/promises';

/** All bytes of a file in memory of its own (aligned, so that typed arrays can view it); undefined where there is none. */
export async function readWholeFile(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    await using file = await open(path, 'r');
    const { size } = await file.stat();
    const bytes = new Uint8Array(new ArrayBuffer(size));
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return filled === size ? bytes : bytes.subarray(0, filled);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The first bytes of a file, at most `length`, and how many it has. */
export async function readStart(
  path: string,
  length: number,
): Promise<{ readonly content: Uint8Array; readonly bytes: number }> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(new Uint8Array(length), 0, length, 0);
  return { content: buffer.subarray(0, bytesRead), bytes: size };
}

/**
 * Writes a cache file whole or not at all. Returns false where the place isn't writable or full: a cache can be done
 * without. Another process that writes the same file at once does no harm.
 */
export async function writeFileAtomically(path: string, pieces: readonly Uint8Array[]): Promise<boolean> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await using file = await open(temporary, 'wx', 0o644);
    for (const piece of pieces) if (piece.length > 0) await file.writeFile(piece);
    await rename(temporary, path);
    return true;
  } catch (error) {
    await rm(temporary, { force: true });
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOENT'].includes(code)) return false;
    throw error;
  }
}

/** Size and change time of a file as text, to tell whether it is still the same; undefined where there is none. */
export async function fileStamp(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeNs } = await stat(path, { bigint: true });
    return `${size} bytes, changed ${mtimeNs}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
