// SPDX-License-Identifier: GPL-2.0-or-later
import { neededText, numberOf, textOf, textsOf } from '../header/header-values.ts';
import { type PackageIdentity, packageIdentity } from '../header/package-identity.ts';
import type { Header } from '../header/read-header.ts';
import { RpmFormatError } from '../header/rpm-format-error.ts';
import { listTags } from './list-tags.ts';

/** A package file, as a list of apt-rpm tells of it. */
export interface ListedPackage extends PackageIdentity {
  /** Of the package, as much as the list has of it: dependencies and, mostly, a part of its paths. */
  readonly header: Header;
  /** Relative to the directory that has `base/`, without `.` and `..` in the middle: `RPMS.main/foo-1.0-alt1.x86_64.rpm`. */
  readonly path: string;
  readonly fileName: string;
  /** Of the package file. */
  readonly bytes: number;
  /** Of the package file, in lower-case hexadecimal digits. */
  readonly md5: string;
  /** The same, where the list has it. */
  readonly blake2b: string | undefined;
  /** Of a source package: names of the packages that are built from it, where the list says so. */
  readonly binaries: readonly string[];
}

/**
 * Reads an entry of a list. Throws RpmFormatError where something of it is missing, or the file would be somewhere else than in
 * its repository.
 *
 * @param kind which list it is of, as a source package's entry in it need not say that it is one.
 */
export function readListedPackage(header: Header, kind: 'binary' | 'source'): ListedPackage {
  const identity = packageIdentity(header);
  const fileName = neededText(header, listTags.FILENAME, 'the name of its file');
  if (fileName.includes('/')) throw new RpmFormatError(`a list names the file ${fileName}`);
  const bytes = numberOf(header, listTags.FILESIZE);
  if (bytes === undefined) throw new RpmFormatError(`a list does not say the size of ${fileName}`);
  const blake2b = textOf(header, listTags.BLAKE2B);
  return {
    ...identity,
    isSource: kind === 'source',
    sourceFileName: kind === 'source' ? undefined : identity.sourceFileName,
    header,
    path: pathBelow(textOf(header, listTags.DIRECTORY) ?? '', fileName),
    fileName,
    bytes,
    md5: digest(header, listTags.MD5, 32, fileName),
    blake2b: blake2b === undefined ? undefined : digest(header, listTags.BLAKE2B, 128, fileName),
    binaries: textsOf(header, listTags.BINARY),
  };
}

/** `..` may stand in the beginning, once: source packages of all architectures are beside those. */
function pathBelow(directory: string, fileName: string): string {
  const parts = directory.split('/').filter((part) => part !== '' && part !== '.');
  if (directory.startsWith('/') || parts.slice(1).includes('..')) {
    throw new RpmFormatError(`a list has ${fileName} in ${directory}, outside of its repository`);
  }
  return [...parts, fileName].join('/');
}

function digest(header: Header, tag: number, digits: number, fileName: string): string {
  const text = textOf(header, tag)?.toLowerCase() ?? '';
  if (text.length === digits && /^[0-9a-f]+$/.test(text)) return text;
  throw new RpmFormatError(`a list has no digest of ${fileName}`);
}
