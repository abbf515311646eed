// SPDX-License-Identifier: GPL-2.0-or-later
import type { Credentials } from '../../host/download-settings.ts';

/** One `machine` entry of apt_auth.conf(5). */
export interface AuthEntry extends Credentials {
  /** Without `://`; undefined stands for https alone. */
  readonly protocol: string | undefined;
  /** `host` or `host:port`. */
  readonly host: string;
  /** Begins with `/`, or empty. */
  readonly path: string;
}

/** Parses auth.conf: tokens separated by blanks, unknown ones ignored. */
export function parseAuthConf(text: string): AuthEntry[] {
  const tokens = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .split(/\s+/);
  const entries: AuthEntry[] = [];
  for (let index = 0; index < tokens.length; index++) {
    const value = tokens[index + 1] ?? '';
    const last = entries.at(-1);
    if (tokens[index] === 'machine') {
      const match = /^(?:([a-z0-9+.-]+):\/\/)?([^/]*)(\/.*)?$/i.exec(value);
      entries.push({
        protocol: match?.[1],
        host: match?.[2] ?? '',
        path: match?.[3] ?? '',
        user: '',
        password: '',
      });
    } else if (tokens[index] === 'login' && last !== undefined) {
      entries[entries.length - 1] = { ...last, user: value };
    } else if (tokens[index] === 'password' && last !== undefined) {
      entries[entries.length - 1] = { ...last, password: value };
    } else {
      continue;
    }
    index++;
  }
  return entries;
}

/** The credentials for an address: those of the first entry that matches. */
export function findCredentials(entries: readonly AuthEntry[], url: URL): Credentials | undefined {
  const protocol = url.protocol.slice(0, -1);
  const entry = entries.find(
    (candidate) =>
      (candidate.protocol ?? 'https') === protocol &&
      (candidate.host === url.hostname || candidate.host === url.host) &&
      url.pathname.startsWith(candidate.path),
  );
  return entry === undefined ? undefined : { user: entry.user, password: entry.password };
}
