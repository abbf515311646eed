// SPDX-License-Identifier: GPL-2.0-or-later
import type { SmallBinary } from './small-packages.ts';

const script = (...lines: string[]): string => ['#!/bin/sh', 'set -e', ...lines, ''].join('\n');

/** As adduser does: the next number that is free. */
const makeUser = (name: string): string =>
  `id=900 # adduser\nwhile grep -q "^[^:]*:x:$id:" /etc/passwd; do id=$((id + 1)); done\necho "${name}:x:$id:$id::/nonexistent:/bin/false" >> /etc/passwd`;

/**
 * Packages that use each thing which makes an installation more than unpacking: what a root gets by linking must be what
 * apt gives, for each of them and for all together.
 */
export const oddBinaries: readonly SmallBinary[] = [
  // paths through the links of a merged /usr, as older packages have them, and a link as documentation
  {
    name: 'odd-plain',
    files: { '/bin/odd-plain': 'plain\n', '/lib/odd/part': 'part\n', '/usr/share/odd/shared': 'of plain\n' },
    executables: ['/bin/odd-plain'],
  },
  {
    name: 'odd-link',
    fields: { Depends: 'odd-plain' },
    files: { '/usr/share/odd-link/a': 'a\n' },
    links: { '/usr/share/doc/odd-link': 'odd-plain', '/usr/lib/odd-link': '../share/odd-link' },
  },
  { name: 'odd-through-link', fields: { Depends: 'odd-link' }, files: { '/usr/lib/odd-link/b': 'b\n' } },
  {
    name: 'odd-modes',
    files: { '/usr/bin/odd-modes': 'x\n', '/var/lib/odd-modes/': '', '/usr/share/odd-modes/secret': 's\n' },
    modes: {
      '/usr/bin/odd-modes': 0o4755,
      '/var/lib/odd-modes/': 0o2770,
      '/usr/share/odd-modes/secret': 0o600,
    },
  },
  // configuration files, with and without something to configure
  {
    name: 'odd-conffile',
    files: { '/etc/odd/first.conf': 'a=1\n' },
    controlFiles: { conffiles: '/etc/odd/first.conf\n' },
  },
  {
    name: 'odd-conffile-script',
    files: { '/etc/odd/second.conf': 'a=2\n' },
    controlFiles: { conffiles: '/etc/odd/second.conf\n' },
    scripts: { postinst: script('cp /etc/odd/second.conf /var/lib/odd-copy') },
  },
  {
    name: 'odd-conffile-flag',
    files: { '/etc/odd/third.conf': 'a=3\n' },
    controlFiles: { conffiles: '/etc/odd/third.conf\nremove-on-upgrade /etc/odd/gone.conf\n' },
  },
  // a preinst that does nothing now, one that works, and one that needs another package configured
  {
    name: 'odd-inert',
    scripts: { preinst: script('dpkg-maintscript-helper rm_conffile /etc/odd/old.conf 1.0~ -- "$@"') },
  },
  {
    name: 'odd-preinst',
    scripts: {
      preinst: script('test "$1" = install', 'mkdir -p /var/lib/odd', 'echo "$@" > /var/lib/odd/preinst'),
    },
  },
  {
    name: 'odd-pre-depends',
    fields: { 'Pre-Depends': 'odd-scribbler, odd-preinst' },
    scripts: {
      preinst: script('grep -q scribbled /usr/share/odd-scribbler/text', 'touch /var/lib/odd/pre-depends'),
    },
  },
  // a diversion, an owner of the administrator's, and files taken over from another package
  {
    name: 'odd-divert',
    fields: { Depends: 'odd-diverted' },
    files: { '/usr/bin/odd-diverted': 'mine\n' },
    scripts: {
      preinst: script(
        'dpkg-divert --package odd-divert --rename --divert /usr/bin/odd-diverted.real --add /usr/bin/odd-diverted',
      ),
    },
  },
  { name: 'odd-diverted', files: { '/usr/bin/odd-diverted': 'real\n', '/usr/share/odd-diverted/x': '' } },
  {
    name: 'odd-owner',
    files: { '/usr/bin/odd-owner': 'x\n' },
    scripts: { postinst: script('dpkg-statoverride --update --add root mail 2755 /usr/bin/odd-owner') },
  },
  {
    name: 'odd-replaces',
    fields: { Replaces: 'odd-plain' },
    files: { '/usr/share/odd/shared': 'of replaces\n' },
  },
  // triggers: interested in paths and in names, setting both off
  {
    name: 'odd-interested',
    controlFiles: { triggers: 'interest-noawait /usr/share/odd-hooks\ninterest odd-named\n' },
    scripts: { postinst: script('ls /usr/share/odd-hooks > /var/lib/odd-hooks 2>/dev/null || true') },
  },
  {
    name: 'odd-activating',
    files: { '/usr/share/odd-hooks/activating': 'x\n' },
    controlFiles: { triggers: 'activate-noawait odd-named\nactivate-noawait odd-nobody\n' },
  },
  // maintainer scripts that change, empty, take away and replace what their package put down
  {
    name: 'odd-scribbler',
    files: {
      '/usr/share/odd-scribbler/text': 'text\n',
      '/usr/share/odd-scribbler/emptied': 'full\n',
      '/usr/share/odd-scribbler/mode': 'mode\n',
      '/usr/share/odd-scribbler/open': 'open\n',
      '/usr/share/odd-scribbler/taken': 'taken\n',
      '/usr/share/odd-scribbler/directory/old': 'old\n',
    },
    modes: { '/usr/share/odd-scribbler/open': 0o666 },
    scripts: {
      postinst: script(
        'cd /usr/share/odd-scribbler',
        'echo scribbled >> text',
        ': > emptied',
        'chmod 4711 mode; chown mail:mail mode; touch -d 2001-01-01 mode',
        'rm taken; rm -r directory; mkdir directory; echo new > directory/new',
        'ln text linked',
      ),
    },
  },
  {
    name: 'odd-alternative',
    files: { '/usr/bin/odd-one': '1\n', '/usr/bin/odd-two': '2\n' },
    scripts: {
      postinst: script(
        'update-alternatives --install /usr/bin/odd-any odd-any /usr/bin/odd-one 10',
        'update-alternatives --install /usr/bin/odd-any odd-any /usr/bin/odd-two 20',
      ),
    },
  },
  // a file capability, an extended attribute that no package can bring
  {
    name: 'odd-capability',
    fields: { Depends: 'libcap2-bin' },
    files: { '/usr/bin/odd-capability': 'x\n' },
    scripts: { postinst: script('setcap cap_net_raw+ep /usr/bin/odd-capability') },
  },
  // waits, as fc-cache does, and tells how long
  { name: 'odd-sleeper', scripts: { postinst: script('sleep 3; touch /var/lib/odd-slept') } },
];

/** Packages whose users get their numbers in the order of configuring: together, the second one of them is the last. */
export const userBinaries: readonly SmallBinary[] = [
  { name: 'odd-user-needed', scripts: { postinst: script(makeUser('odd-needed')) } },
  {
    name: 'odd-user',
    fields: { Depends: 'odd-user-needed' },
    scripts: { postinst: script(makeUser('odd-first')) },
  },
  { name: 'odd-user-alone', scripts: { postinst: script(makeUser('odd-alone')) } },
];

/** Packages that don't agree on the attributes of a directory: the first one to make it decides. */
export const directoryBinaries: readonly SmallBinary[] = [
  {
    name: 'odd-directory',
    fields: { Depends: 'odd-directory-needed' },
    files: { '/var/lib/odd-directory/a': 'a\n' },
  },
  {
    name: 'odd-directory-needed',
    files: { '/var/lib/odd-directory/b': 'b\n' },
    modes: { '/var/lib/odd-directory/': 0o2770 },
  },
  {
    name: 'odd-directory-maker',
    scripts: { postinst: script('mkdir -p -m 700 /var/lib/odd-directory') },
  },
];

/** A package whose script says of another one's paths where and whose they are: of what is there, and of what will come. */
export const reservingBinaries: readonly SmallBinary[] = [
  {
    name: 'odd-reserved',
    files: {
      '/usr/bin/odd-a': 'a\n',
      '/usr/bin/odd-b': 'b\n',
      '/usr/bin/odd-c': 'c\n',
      '/usr/bin/odd-d': 'd\n',
    },
  },
  {
    name: 'odd-reserving',
    scripts: {
      postinst: script(
        'divert="dpkg-divert --package odd-reserving"',
        '$divert --rename --divert /usr/bin/odd-a.real --add /usr/bin/odd-a',
        '$divert --no-rename --divert /usr/bin/odd-b.real --add /usr/bin/odd-b',
        'dpkg-statoverride --update --add root mail 2755 /usr/bin/odd-c',
        'dpkg-statoverride --add root mail 2755 /usr/bin/odd-d',
      ),
    },
  },
];
