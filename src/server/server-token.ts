// SPDX-License-Identifier: GPL-2.0-or-later
import { randomBytes } from 'node:crypto';
import { invariant } from '../base/invariant.ts';
import { readSecret, writeSecret } from '../host/secret-file.ts';

/**
 * What allows to change something, the same for all servers on a state directory, so that an address with it, and a browser that
 * was given it, go on being good. Made where there is none and where others might have read it. Read anew for each request, so
 * that one that was renewed is the only one at once.
 */
export async function serverToken(path: string): Promise<string> {
  const kept = await readToken(path);
  if (kept !== undefined) return kept;
  // Where another server was the first, its token is taken.
  const isNew = await writeSecret(path, newToken(), 'where-absent');
  if (!isNew && (await readToken(path)) === undefined) await renewToken(path);
  const token = await readToken(path);
  invariant(token !== undefined, 'a token that was written can be read');
  return token;
}

/** Takes the token away from everybody who has it. */
export async function renewToken(path: string): Promise<void> {
  await writeSecret(path, newToken(), 'always');
}

async function readToken(path: string): Promise<string | undefined> {
  const kept = (await readSecret(path))?.trim();
  return kept !== undefined && /^[\w-]{32}$/.test(kept) ? kept : undefined;
}

function newToken(): string {
  return `${randomBytes(24).toString('base64url')}\n`;
}
