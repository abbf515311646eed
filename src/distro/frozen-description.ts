// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from 'zod';
import { parseSha256, type Sha256 } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { hasCredentials } from '../base/public-uri.ts';
import { readTextIfExists, writeText } from '../host/files.ts';

/** A digest in the description of a frozen directory. */
export const sha256Schema = z.string().transform((text, context): Sha256 => {
  const digest = parseSha256(text);
  if (digest !== undefined) return digest;
  context.addIssue('not a SHA-256');
  return z.NEVER;
});

/** Reads the description of a frozen directory. Throws PasekaError index-corrupt where it is absent or not one. */
export async function readFrozenDescription<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
): Promise<z.infer<Schema>> {
  const text = await readTextIfExists(path);
  if (text === undefined) throw frozenCorrupt(path, 'there is no such file');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw frozenCorrupt(path, 'it is not JSON', error);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw frozenCorrupt(path, z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}

/** Writes it, for its owner only where one of the addresses in it has a password. */
export async function writeFrozenDescription(
  path: string,
  description: object,
  addresses: readonly string[],
): Promise<void> {
  const mode = addresses.some(hasCredentials) ? 0o600 : 0o644;
  await writeText(path, `${JSON.stringify(description, null, 2)}\n`, mode);
}

/** The error of something in a frozen directory that can't be used. */
export function frozenCorrupt(place: string, why: string, cause?: unknown): PasekaError {
  return new PasekaError(
    'index-corrupt',
    `the frozen repository ${place} can't be used: ${why}`,
    'remove this snapshot with `paseka snapshot remove` and create it again',
    cause,
  );
}
