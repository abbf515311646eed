// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may ask for what. */
export interface AccessRules {
  /** Names that the server goes by, with the port where it isn't 80: what a browser sends as `Host`. */
  readonly hosts: ReadonlySet<string>;
  /** What allows to change something. */
  readonly token: string;
  /** Whether reading what campaigns say needs the token too: whoever can reach the machine could read otherwise. */
  readonly isReadingGuarded: boolean;
  readonly cookie: string;
}

export interface AskedFor {
  readonly method: string;
  readonly path: string;
  readonly header: (name: string) => string | undefined;
}

export type Access =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly status: 401 | 403; readonly reason: string };

/** What starts a process though it only reads. */
const costly = /^\/api\/campaigns\/[^/]+\/tasks\/[^/]+\/dependencies$/;

const allowed: Access = { kind: 'allowed' };

/**
 * Judges a request. The `Host` has to be the server's own, so that a page that gives its name this machine's address can't
 * read it (DNS rebinding); another page's script is told by `Origin` (https where a proxy does that) and `Sec-Fetch-Site`
 * (https://www.w3.org/TR/fetch-metadata/). What changes something, and what starts a process, needs the token as well. The page's own files say nothing of
 * campaigns and never need it: a browser that follows another site's link to them does not send the cookie.
 */
export function judgeAccess(rules: AccessRules, asked: AskedFor): Access {
  const host = asked.header('host')?.toLowerCase();
  if (host === undefined || !rules.hosts.has(host))
    return refused(403, 'this server does not go by that name');
  const origin = asked.header('origin');
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    return refused(403, 'another site may not ask for this');
  }
  const site = asked.header('sec-fetch-site');
  const isPage = asked.header('sec-fetch-mode') === 'navigate' && asked.method === 'GET';
  if ((site === 'cross-site' || site === 'same-site') && !(isPage && !asked.path.startsWith('/api/'))) {
    return refused(403, 'another site may not ask for this');
  }
  const isReading = asked.method === 'GET' || asked.method === 'HEAD';
  const isData = asked.path.startsWith('/api/') || asked.path === '/metrics';
  const needsToken = !isReading || (rules.isReadingGuarded && isData) || costly.test(asked.path);
  if (!needsToken) return allowed;
  if (hasToken(rules, asked)) return allowed;
  return refused(401, 'open the address with the token that `paseka serve` printed');
}

/** Whether the request carries the token, as the browser's cookie or as `Authorization: Bearer`. */
export function hasToken(rules: AccessRules, asked: Pick<AskedFor, 'header'>): boolean {
  const bearer = /^Bearer (.+)$/i.exec(asked.header('authorization') ?? '')?.[1];
  return isToken(rules, bearer ?? cookieOf(asked.header('cookie') ?? '', rules.cookie));
}

/** Compares in a time that tells nothing. */
export function isToken(rules: AccessRules, given: string | undefined): boolean {
  if (given === undefined) return false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(rules.token));
}

/** The cookie that carries the token from now on: no script sees it, no other site's request brings it. */
export function tokenCookie(rules: AccessRules): string {
  return `${rules.cookie}=${rules.token}; Path=/; HttpOnly; SameSite=Strict`;
}

function cookieOf(header: string, name: string): string | undefined {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function refused(status: 401 | 403, reason: string): Access {
  return { kind: 'refused', status, reason };
}

/** What the page may do: its own files and nothing else; no inline script or style, no frame around it. */
const contentPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentPolicy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
};
