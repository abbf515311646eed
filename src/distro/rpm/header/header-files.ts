// SPDX-License-Identifier: GPL-2.0-or-later
import { headerTags } from './header-tags.ts';
import { numbersOf, sameLength, textsOf } from './header-values.ts';
import type { Header } from './read-header.ts';
import { RpmFormatError } from './rpm-format-error.ts';

/** A file that a package puts down or owns. */
export interface RpmFile {
  /** Absolute; of a source package a plain name. */
  readonly path: string;
  /** Kind and permissions, as stat(2) has them. */
  readonly mode: number;
  readonly bytes: number;
  /** In hexadecimal digits; empty for what is no plain file. */
  readonly digest: string;
  /** Of symbolic links; else empty. */
  readonly target: string;
  readonly user: string;
  readonly group: string;
  /** Bits (rpmfiles.h): configuration, documentation, ghost and others. */
  readonly flags: number;
  /** File capabilities as text (cap_from_text(3)); mostly empty. */
  readonly capabilities: string;
  /** The same for all names of one file. */
  readonly inode: number;
  /** Of the file that a device stands for. */
  readonly device: number;
}

/** Paths of all files of a header. Throws RpmFormatError where names and directories don't go together. */
export function pathsOf(header: Header): readonly string[] {
  const names = textsOf(header, headerTags.BASENAMES);
  if (names.length === 0) return textsOf(header, headerTags.OLDFILENAMES);
  const directories = textsOf(header, headerTags.DIRNAMES);
  const indices = sameLength(numbersOf(header, headerTags.DIRINDEXES), names.length, 'directories of files');
  return names.map((name, row) => {
    const directory = directories[indices[row] ?? 0];
    if (directory === undefined) throw new RpmFormatError(`the file ${name} of a header has no directory`);
    return directory + name;
  });
}

/** All files of a header, in its order. Throws RpmFormatError where its lists don't go together. */
export function filesOf(header: Header): readonly RpmFile[] {
  const paths = pathsOf(header);
  const optional = <T>(values: readonly T[], missing: T): readonly T[] =>
    values.length === 0 ? paths.map(() => missing) : sameLength(values, paths.length, 'values of files');
  const numbers = (tag: number): readonly number[] => optional(numbersOf(header, tag), 0);
  const texts = (tag: number): readonly string[] => optional(textsOf(header, tag), '');
  const bytes = header.entries.has(headerTags.LONGFILESIZES)
    ? numbers(headerTags.LONGFILESIZES)
    : numbers(headerTags.FILESIZES);
  const modes = numbers(headerTags.FILEMODES);
  const digests = texts(headerTags.FILEDIGESTS);
  const targets = texts(headerTags.FILELINKTOS);
  const users = texts(headerTags.FILEUSERNAME);
  const groups = texts(headerTags.FILEGROUPNAME);
  const flags = numbers(headerTags.FILEFLAGS);
  const capabilities = texts(headerTags.FILECAPS);
  const inodes = numbers(headerTags.FILEINODES);
  const devices = numbers(headerTags.FILERDEVS);
  return paths.map((path, row) => ({
    path,
    mode: modes[row] ?? 0,
    bytes: bytes[row] ?? 0,
    digest: digests[row] ?? '',
    target: targets[row] ?? '',
    user: users[row] ?? '',
    group: groups[row] ?? '',
    flags: flags[row] ?? 0,
    capabilities: capabilities[row] ?? '',
    inode: inodes[row] ?? 0,
    device: devices[row] ?? 0,
  }));
}
