// SPDX-License-Identifier: GPL-2.0-or-later
/** Debian's packages (or apt's patterns) that the distribution is made from, with all that they need. */
export const debianPackages: readonly string[] = [
  ...['?essential', 'passwd', 'rpm', 'debugedit', 'elfutils'],
  ...['bzip2', 'cpio', 'file', 'g++', 'gcc', 'libc6-dev', 'make', 'patch', 'perl', 'pkg-config', 'unzip'],
  ...['xz-utils', 'zstd'],
  // what the sources of the distribution are built with besides
  ...['autoconf', 'automake', 'bison', 'flex', 'gettext', 'libonig-dev', 'libreadline-dev', 'libtool'],
  ...['python3'],
];

/** What `buildsys-build` requires besides the basic system: every build starts with it. */
export const buildRoot: readonly string[] = [
  // debugedit calls eu-strip
  ...['rpm', 'debugedit', 'elfutils'],
  ...['bzip2', 'cpio', 'file', 'g++', 'gcc', 'libc6-dev', 'make', 'patch', 'perl'],
  ...['pkg-config', 'unzip', 'xz-utils', 'zstd'],
];

/** Parts of Debian's packages that nothing here is built or tested with. */
export const droppedDirectories: readonly string[] = [
  'bug',
  'doc',
  'doc-base',
  'info',
  'lintian',
  'locale',
  'man',
  'menu',
].map((name) => `usr/share/${name}`);

/** What a package provides that Debian's packages don't say, for RPM's own dependencies. */
export const furtherProvides: Readonly<Record<string, readonly string[]>> = {
  // the hash style of all binaries, which the generator of dependencies names
  libc6: ['rtld(GNU_HASH)'],
  // `perl >= 5.006001` is asked for: 36 is less than 006001, so an epoch is needed, as Fedora has one;
  // modules that sources ask for: Debian 13's rpm does not look for modules any more
  perl: ['perl = 4:5.36.0', 'perl(ExtUtils::MakeMaker)', 'perl(Test::More)'],
};

/** Scripts of packages that are needed; all of Debian's own are dropped. */
export const furtherScripts: Readonly<Record<string, string>> = {
  'libc-bin': '%transfiletriggerin -P 2000000 -- /usr/lib /usr/lib64 /lib\n/sbin/ldconfig\n',
};
