// SPDX-License-Identifier: GPL-2.0-or-later
import { type HeaderEntry, headerTypes } from '../header/header-entry.ts';
import type { Header } from '../header/read-header.ts';
import { numbersEntry, textEntry, textsEntry, writeHeader } from '../header/write-header.ts';
import { listTags, packageListTags, sourceListTags } from './list-tags.ts';

/** A package file that is to stand in a list. */
export interface FileToList {
  /** Its main header. */
  readonly header: Header;
  /** Relative to the directory that has `base/`. */
  readonly directory: string;
  readonly fileName: string;
  readonly bytes: number;
  /** Of the whole file, in lower-case hexadecimal digits. */
  readonly md5: string;
}

/**
 * A package's entry in `base/pkglist.NAME`, byte by byte as genpkglist of apt-rpm writes it with `--bloat`: with all paths,
 * because packages of other repositories may depend on any of them.
 */
export function packageListEntry(file: FileToList): Uint8Array {
  return writeHeader([...kept(file.header, packageListTags), ...fileEntries(file)]);
}

/** A source package's entry in `base/srclist.NAME`; `binaries` are the packages in the repository that were built from it. */
export function sourceListEntry(file: FileToList, binaries: readonly string[]): Uint8Array {
  const names = binaries.length === 0 ? [] : [textsEntry(listTags.BINARY, binaries)];
  return writeHeader([...kept(file.header, sourceListTags), ...fileEntries(file), ...names]);
}

/** Values are taken as they are, so that translated ones stay so. */
function kept(header: Header, tags: readonly number[]): HeaderEntry[] {
  return tags.flatMap((tag) => header.entries.get(tag) ?? []);
}

function fileEntries({ directory, fileName, bytes, md5 }: FileToList): HeaderEntry[] {
  return [
    textEntry(listTags.DIRECTORY, directory),
    textEntry(listTags.FILENAME, fileName),
    bytesEntry(bytes),
    textEntry(listTags.MD5, md5),
  ];
}

/** As wide as it has to be: apt-rpm reads 32 bits everywhere. */
function bytesEntry(bytes: number): HeaderEntry {
  if (bytes <= 0xffffffff) return numbersEntry(listTags.FILESIZE, [bytes]);
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(bytes));
  return {
    tag: listTags.FILESIZE,
    type: headerTypes.int64,
    count: 1,
    data: new Uint8Array(view.buffer),
  };
}
