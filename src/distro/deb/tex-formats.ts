// SPDX-License-Identifier: GPL-2.0-or-later
import { gunzipSync } from 'node:zlib';

/** Memory of TeX and its relatives, dumped when it is installed; those of the ones that have Lua in them aside. */
const formatPath = /^\/var\/lib\/texmf\/web2c\/(?!lua)[^/]+\/[^/]+\.(fmt|base|mem)$/;

/** The minute of the day, the day, the month and the year: four numbers of four bytes, wherever they are in the memory. */
const bytesOfTime = 16;

/**
 * Whether two files at a path are formats of TeX that only differ in when they were made. Of two installations by apt, each of
 * tex, etex, pdftex, latex, pdflatex, mptopdf and mf differs in one byte, in which the minute is; with the clock stood still
 * (SOURCE_DATE_EPOCH and FORCE_SOURCE_DATE, which all but tex heed) in none.
 */
export function areFormatsOfOtherTimes(path: string, left: Buffer, right: Buffer): boolean {
  if (!formatPath.test(path)) return false;
  const [one, other] = [unpacked(left), unpacked(right)];
  if (one === undefined || other === undefined || one.length !== other.length) return false;
  let differing = 0;
  for (const [place, byte] of one.entries()) {
    if (byte !== other[place] && ++differing > bytesOfTime) return false;
  }
  return true;
}

function unpacked(content: Buffer): Buffer | undefined {
  if (content[0] !== 0x1f || content[1] !== 0x8b) return content;
  try {
    return gunzipSync(content);
  } catch {
    return undefined;
  }
}
