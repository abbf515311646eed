// SPDX-License-Identifier: GPL-2.0-or-later
import { parseDeb822 } from './deb822.ts';

/**
 * The few ways in which a root whose packages were linked may differ from one in which apt installed them. Each with its
 * reason; besides these, times differ: dpkg gives a file the time that its package says, and so does linking, but what
 * maintainer scripts and dpkg write has the time of that day.
 */
const ignoredPaths: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  { pattern: /^\/var\/log\//, because: 'logs tell what was done and when' },
  {
    pattern: /^\/var\/lib\/dpkg\/[a-z]+-old$/,
    because: "dpkg's copy of its database before its last change",
  },
  { pattern: /^\/var\/lib\/dpkg\/(lock|lock-frontend|triggers\/Lock)$/, because: 'empty files to lock' },
  {
    pattern: /^\/var\/lib\/apt\/|^\/var\/cache\/apt\//,
    because: "apt's notes and caches: nothing in a build reads them",
  },
  { pattern: /^\/var\/cache\/ldconfig\/aux-cache$/, because: 'holds inode numbers and times of libraries' },
  {
    pattern: /^\/var\/cache\/fontconfig\/.*\.cache-\d+$/,
    because: "holds the times of the fonts' directories",
  },
  {
    pattern: /^\/var\/cache\/debconf\/.*-old$/,
    because: "debconf's copy of its database before its last change",
  },
  {
    pattern: /^\/var\/lib\/ucf\/(hashfile|registry)\.\d+$/,
    because: "ucf's copies of its lists before their last changes, in the order of configuring",
  },
  {
    pattern: /^\/etc\/(xml|sgml)\/[^/]+\.old$|^\/var\/lib\/sgml-base\/supercatalog\.old$/,
    because: 'copies of catalogues before their last change, which is that of the package configured last',
  },
  {
    pattern: /^\/var\/cache\/debconf\/tmp\.ci(\/|$)/,
    because: 'where apt has questions taken out of packages before it unpacks them; emptied each time',
  },
  {
    pattern:
      /^\/etc\/(machine-id|ssh\/ssh_host_.*|ssl\/(certs|private)\/ssl-cert-snakeoil\..*)$|^\/var\/lib\/dbus\/machine-id$/,
    because: 'keys and names that are made at random',
  },
  { pattern: /^\/etc\/ssl\/certs\/java\/cacerts$/, because: 'a key store with the time of each entry' },
  {
    pattern: /^\/etc\/aliases\.db$/,
    because: 'a Berkeley database: its identifier is made from inode and time',
  },
  {
    pattern: /^\/var\/lib\/texmf\/web2c\/(.+\/)?[^/]+\.log$/,
    because: 'logs of how formats of TeX were made, with the time and what was found where',
  },
  {
    pattern: /^\/var\/lib\/texmf\/web2c\/lua[^/]*\/[^/]+\.fmt$/,
    because:
      "tables of Lua in the order of their hashes, whose seed is random: two installations by apt differ, with the clock stood still too; other engines' formats are compared (tex-formats.ts)",
  },
  {
    pattern:
      /^\/var\/lib\/postgresql\/[^/]+\/[^/]+\/(global\/pg_control|pg_stat\/pgstat\.stat|pg_wal\/[0-9A-F]{24})$/,
    because: 'a database cluster is numbered by the time at which it is made, and notes times in its journal',
  },
  { pattern: /^\/(tmp|run|mnt)\//, because: 'not kept' },
];

/** Why differences at this path don't count; undefined where they do. */
export function whyIgnored(path: string): string | undefined {
  return ignoredPaths.find(({ pattern }) => pattern.test(path))?.because;
}

/** What of a file's content counts; undefined where every byte does. */
export function meaningOf(path: string, content: Buffer): string | undefined {
  const text = (): string => content.toString('utf8');
  // the same lines in another order: dpkg writes its lists in the order of the archive and of what happened
  if (/^\/var\/lib\/dpkg\/(info\/.+\.(list|md5sums)|triggers\/.+)$/.test(path)) return sortedLines(text());
  // ucf's lines for its configuration files, in the order in which packages were configured
  if (/^\/var\/lib\/ucf\/(hashfile|registry)$/.test(path)) return sortedLines(text());
  // the names of a tree's files, in the order in which the file system has them
  if (path === '/var/lib/texmf/ls-R') return sortedLines(text());
  // the same packages with the same fields in another order
  if (path === '/var/lib/dpkg/status') return normalStatus(text());
  // paragraphs in the order in which packages were configured
  if (/^\/var\/cache\/debconf\/(templates|config)\.dat$/.test(path)) return sortedParagraphs(text());
  // the third field is the day on which the account was made
  if (/^\/etc\/shadow-?$/.test(path)) return text().replaceAll(/^([^:]*:[^:]*:)\d+:/gm, '$1:');
  return undefined;
}

function sortedLines(text: string): string {
  return text.split('\n').sort().join('\n');
}

function sortedParagraphs(text: string): string {
  return text.split('\n\n').map(sortedLines).sort().join('\n\n');
}

function normalStatus(text: string): string {
  return parseDeb822(text)
    .map((paragraph) => [...paragraph].map(([field, value]) => `${field}: ${value}`).sort())
    .map((fields) => fields.join('\n'))
    .sort()
    .join('\n\n');
}
