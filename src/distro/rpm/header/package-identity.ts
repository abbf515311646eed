// SPDX-License-Identifier: GPL-2.0-or-later
import { formatEvr } from '../rpm-version.ts';
import { headerTags } from './header-tags.ts';
import { neededText, numberOf, textOf } from './header-values.ts';
import type { Header } from './read-header.ts';
import { isSourceHeader } from './read-rpm.ts';

/** Which package a header is of. */
export interface PackageIdentity {
  readonly name: string;
  /** `[EPOCH:]VERSION-RELEASE`; no epoch is written where it is 0. */
  readonly version: string;
  /** `noarch` too; of a source package the one that it was packed on, which says nothing of where it can be built. */
  readonly architecture: string;
  readonly isSource: boolean;
  /** File name of the source package that it was built from; undefined for source packages themselves. */
  readonly sourceFileName: string | undefined;
}

/** Reads it. Throws RpmFormatError where something of it is missing. */
export function packageIdentity(header: Header): PackageIdentity {
  const version = formatEvr({
    epoch: numberOf(header, headerTags.EPOCH) ?? 0,
    version: neededText(header, headerTags.VERSION, 'a version'),
    release: neededText(header, headerTags.RELEASE, 'a release'),
  });
  const isSource = isSourceHeader(header);
  return {
    name: neededText(header, headerTags.NAME, 'a name'),
    version,
    architecture: neededText(header, headerTags.ARCH, 'an architecture'),
    isSource,
    sourceFileName: isSource ? undefined : textOf(header, headerTags.SOURCERPM),
  };
}
