// SPDX-License-Identifier: GPL-2.0-or-later
import type { Identity } from '../distro/root.ts';

/** What every command gets, by identity, as on Debian's builders (sbuild's PATH and home); a request may override it. */
export function environmentOf(
  identity: Identity,
  requested: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { LC_ALL: 'C.UTF-8', ...byIdentity[identity], ...requested };
}

const byIdentity: Readonly<Record<Identity, Readonly<Record<string, string>>>> = {
  root: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' },
  builder: {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games',
    HOME: '/nonexistent',
  },
};
