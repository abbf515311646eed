// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { isInertPreinst } from './inert-script.ts';

const script = (...lines: string[]): string => ['#!/bin/sh', 'set -e', '', ...lines, ''].join('\n');

test.each([
  ['none at all', ''],
  [
    'comments only',
    script('# Automatically added by dh_installdeb', '# End automatically added section', 'exit 0'),
  ],
  ['old configuration files', script('dpkg-maintscript-helper rm_conffile /etc/a.conf 1.2-3~ pkg -- "$@"')],
  ['a line that goes on', script('dpkg-maintscript-helper mv_conffile \\', '  /etc/a /etc/b 1.2 -- "$@"')],
  [
    'upgrades',
    script('if [ "$1" = upgrade ] && dpkg --compare-versions "$2" le 1.8', 'then', '  rm -rf /etc/old', 'fi'),
  ],
  [
    'branches in a branch',
    script(
      'if [ "$1" = "upgrade" ]; then',
      '  if [ -e /x ]; then',
      '    rm /x',
      '  else',
      '    touch /y',
      '  fi',
      'fi',
    ),
  ],
  [
    'an old version',
    script('if [ "$1" = "install" ] && [ -n "$2" ] && [ -e /x ] ; then', '  chmod +x /x', 'fi'),
  ],
])('does nothing: %s', (_what, text) => {
  expect(isInertPreinst(text)).toBe(true);
});

test.each([
  ['a command', script('update-alternatives --remove write /usr/bin/write.ul')],
  ['an installation', script('if [ "$1" = install ]; then', '  mkdir -p /var/lib/x', 'fi')],
  ['else', script('if [ "$1" = upgrade ]; then', '  :', 'else', '  touch /x', 'fi')],
  ['else on one line', script('if [ "$1" = upgrade ]; then :; else touch /x; fi')],
  ['or', script('if [ "$1" = upgrade ] || [ "$1" = install ]; then', '  touch /x', 'fi')],
  ['what follows', script('if [ "$1" = upgrade ]; then', '  :', 'fi', 'touch /x')],
  ['a branch without an end', script('if [ "$1" = upgrade ]; then', '  :')],
  ['a helper that does something else', script('dpkg-maintscript-helper supports rm_conffile && touch /x')],
  ['another command on the line', script('dpkg-maintscript-helper rm_conffile /etc/a 1 -- "$@"; touch /x')],
  ['another language', '#!/usr/bin/perl\n'],
  ['a program', '\x7fELF'],
])('is not known to do nothing: %s', (_what, text) => {
  expect(isInertPreinst(text)).toBe(false);
});
