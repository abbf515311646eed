// SPDX-License-Identifier: GPL-2.0-or-later
import { randomBytes } from 'node:crypto';
import { readSecret, writeSecret } from '../host/secret-file.ts';

/**
 * What allows to change something, the same for all servers on a state directory, so that an address with it, and a browser that
 * was given it, go on being good. Made where there is none, where others might have read it, and where `isRenewed`.
 */
export async function serverToken(path: string, isRenewed: boolean): Promise<string> {
  const kept = isRenewed ? undefined : (await readSecret(path))?.trim();
  if (kept !== undefined && /^[\w-]{32}$/.test(kept)) return kept;
  const token = randomBytes(24).toString('base64url');
  await writeSecret(path, `${token}\n`);
  return token;
}
