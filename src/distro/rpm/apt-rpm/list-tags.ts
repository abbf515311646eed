// SPDX-License-Identifier: GPL-2.0-or-later
import { headerTags } from '../header/header-tags.ts';

/** Tags that apt-rpm adds to the headers of its lists (its rpmhandler.h), beyond all numbers that rpm itself uses. */
export const listTags = {
  /** The package file's name in its directory. */
  FILENAME: 1000000,
  /** Bytes of the package file. */
  FILESIZE: 1000001,
  /** Of the package file, in hexadecimal digits. */
  MD5: 1000005,
  /** Of the package file, in hexadecimal digits; ALT's. */
  BLAKE2B: 1000009,
  /** Where the file is: relative to the directory that has `base/`. */
  DIRECTORY: 1000010,
  /** Of a source package: names of the packages that are built from it. */
  BINARY: 1000011,
} as const;

/** What of a package's header stands in a list for both kinds of packages. */
const commonTags: readonly number[] = [
  headerTags.HEADERI18NTABLE,
  headerTags.NAME,
  headerTags.VERSION,
  headerTags.RELEASE,
  headerTags.EPOCH,
  headerTags.SUMMARY,
  headerTags.DESCRIPTION,
  headerTags.BUILDTIME,
  headerTags.SIZE,
  headerTags.VENDOR,
  headerTags.PACKAGER,
  headerTags.GROUP,
  headerTags.OS,
  headerTags.ARCH,
  headerTags.SOURCERPM,
  headerTags.DISTTAG,
  headerTags.REQUIREFLAGS,
  headerTags.REQUIRENAME,
  headerTags.REQUIREVERSION,
];

/**
 * What genpkglist takes over from a package, of all its generations: older ones took the operating system, newer ones take time and
 * tag of the build, by which ALT's apt tells rebuilt packages of one version apart. Paths are taken with it.
 */
export const packageListTags: readonly number[] = [
  ...commonTags,
  headerTags.PROVIDENAME,
  headerTags.PROVIDEFLAGS,
  headerTags.PROVIDEVERSION,
  headerTags.CONFLICTNAME,
  headerTags.CONFLICTFLAGS,
  headerTags.CONFLICTVERSION,
  headerTags.OBSOLETENAME,
  headerTags.OBSOLETEFLAGS,
  headerTags.OBSOLETEVERSION,
  headerTags.BASENAMES,
  headerTags.DIRNAMES,
  headerTags.DIRINDEXES,
];

/** What gensrclist takes over from a source package, and for which architectures it can be built. */
export const sourceListTags: readonly number[] = [
  ...commonTags,
  headerTags.EXCLUDEARCH,
  headerTags.EXCLUSIVEARCH,
  headerTags.BUILDARCHS,
];
