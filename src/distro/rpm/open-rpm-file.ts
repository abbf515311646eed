// SPDX-License-Identifier: GPL-2.0-or-later
import { digestOfPieces } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { fileSize, isDirectory, pathExists } from '../../host/files.ts';
import { hashFileFrom } from '../../host/hash-file.ts';
import { readStart } from '../../host/whole-file.ts';
import {
  type PromisedDigest,
  promisedBytes,
  promisedDigests,
  type RpmStart,
  readRpmStart,
} from './header/read-rpm.ts';
import { RpmFormatError } from './header/rpm-format-error.ts';

/** An RPM file of the user's or of a build, as it says of itself. */
export interface OpenRpmFile extends RpmStart {
  /** Of the whole file. */
  readonly bytes: number;
}

/** What an RPM file was to be, and so what it is to be called where it is none. */
export type RpmFileKind = 'binary' | 'source';

/** Enough for most: a header of 60,000 files has some 8 MB. */
const usualStartBytes = 128 * 1024;

/**
 * Reads what stands before a file's payload, and checks size and digests that it promises. Signatures are not looked at: the
 * file is the user's own. Throws PasekaError bad-binary-package or bad-source-package.
 */
export async function openRpmFile(path: string, kind: RpmFileKind): Promise<OpenRpmFile> {
  const opened = await readRpmFile(path, kind);
  for (const promised of promisedDigests(opened)) {
    const found = await findDigest(path, opened, promised);
    if (found === promised.hex.toLowerCase()) continue;
    throw problem(
      path,
      kind,
      `its ${partName(promised)} has ${promised.algorithm} ${found}, and not ${promised.hex} as it says`,
    );
  }
  return opened;
}

/** The same without looking at the payload: for files whose content somebody else has checked. */
export async function readRpmFile(path: string, kind: RpmFileKind): Promise<OpenRpmFile> {
  if (!(await pathExists(path))) throw problem(path, kind, 'no such file');
  if (await isDirectory(path)) throw problem(path, kind, 'a directory, and no RPM file');
  const bytes = await fileSize(path);
  const start = await readWholeStart(path, kind, bytes);
  if (start.isSource !== (kind === 'source')) {
    throw problem(path, kind, start.isSource ? 'a source package' : 'a binary package, and no source');
  }
  const promised = promisedBytes(start);
  if (promised !== undefined && promised !== bytes - start.headerStart) {
    throw problem(path, kind, `it has ${bytes} bytes, and not ${promised + start.headerStart} as it says`);
  }
  return { ...start, bytes };
}

async function readWholeStart(path: string, kind: RpmFileKind, bytes: number): Promise<RpmStart> {
  try {
    for (let wanted = Math.min(bytes, usualStartBytes); ; ) {
      const { content } = await readStart(path, wanted);
      const start = readRpmStart(content);
      if (typeof start !== 'number') return start;
      if (start > bytes) throw new RpmFormatError('it ends before its header is whole');
      wanted = start;
    }
  } catch (error) {
    if (error instanceof RpmFormatError) throw problem(path, kind, error.message, error);
    throw error;
  }
}

async function findDigest(path: string, start: RpmStart, promised: PromisedDigest): Promise<string> {
  switch (promised.of) {
    case 'header':
      return digestOfPieces(promised.algorithm, start.header.signed);
    case 'payload':
      return hashFileFrom(promised.algorithm, path, start.payloadStart);
    case 'both':
      return hashFileFrom(promised.algorithm, path, start.headerStart);
  }
}

function partName({ of }: PromisedDigest): string {
  return of === 'both' ? 'header and payload' : of;
}

function problem(path: string, kind: RpmFileKind, message: string, cause?: unknown): PasekaError {
  return kind === 'source'
    ? new PasekaError(
        'bad-source-package',
        `${path}: ${message}`,
        'fetch or make the source package anew',
        cause,
      )
    : new PasekaError('bad-binary-package', `${path}: ${message}`, 'build or fetch it anew', cause);
}
