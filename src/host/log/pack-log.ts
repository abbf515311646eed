// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { asDiskFull, isErrno } from '../files.ts';
import { LineMarks } from './line-marks.ts';
import { marksPath, packedPath } from './log-paths.ts';
import { encodeIndex, type PackedPiece } from './packed-log.ts';

const compress = promisify(zstdCompress);

/** A smaller log stays as it is: nothing much is won, and everybody can read it. */
const leastBytes = 64 * 1024;
const readBytes = 256 * 1024;

/**
 * Packs a log that has ended, unless it is small; who reads it meanwhile sees the one or the other. Nothing is done where
 * it is packed already. Throws PasekaError disk-full; then it stays as it was.
 */
export async function packLog(path: string): Promise<void> {
  await using plain = await openIfExists(path);
  if (plain === undefined || (await plain.stat()).size < leastBytes) return;
  const beside = `${packedPath(path)}.new`;
  try {
    {
      await using packed = await fs.open(beside, 'w', 0o644);
      await writePieces(plain, packed);
      await packed.datasync();
    }
    await fs.rename(beside, packedPath(path));
  } catch (error) {
    await fs.rm(beside, { force: true });
    throw asDiskFull(error, path);
  }
  await fs.rm(path, { force: true });
  await fs.rm(marksPath(path), { force: true });
}

async function writePieces(plain: fs.FileHandle, packed: fs.FileHandle): Promise<void> {
  const marks = new LineMarks();
  const pieces: PackedPiece[] = [];
  let waiting: Buffer[] = [];
  let before = marks.last;
  const put = async (text: Buffer, lines: number): Promise<void> => {
    if (text.length === 0) return;
    const frame = await compress(text);
    await packed.appendFile(frame);
    pieces.push({ packedBytes: frame.length, bytes: text.length, lines });
  };
  for (;;) {
    const { bytesRead, buffer } = await plain.read({ buffer: Buffer.allocUnsafe(readBytes) });
    if (bytesRead === 0) break;
    const chunkStart = marks.bytes;
    let rest = buffer.subarray(0, bytesRead);
    for (const mark of marks.add(rest)) {
      const cut = mark.offset - (chunkStart + bytesRead - rest.length);
      await put(Buffer.concat([...waiting, rest.subarray(0, cut)]), mark.lines - before.lines);
      waiting = [];
      rest = rest.subarray(cut);
      before = mark;
    }
    waiting.push(rest);
  }
  await put(Buffer.concat(waiting), marks.lineCount - before.lines);
  await packed.appendFile(encodeIndex(pieces));
}

async function openIfExists(path: string): Promise<fs.FileHandle | undefined> {
  try {
    return await fs.open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
