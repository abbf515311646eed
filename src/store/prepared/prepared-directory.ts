// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { z } from 'zod';
import { parseSha256, type Sha256 } from '../../base/digest.ts';
import { readTextUnnoticed } from '../../host/pool-files.ts';

/** What a prepared directory's description says: all that it was made from. */
export interface PreparedDirectory {
  readonly name: string;
  /** Digest of all that it was made from. */
  readonly key: Sha256;
  /** Where it was seen while it was made, and where its clones are seen if nothing else is said. */
  readonly at: string;
  readonly command: readonly string[];
  /** Files and directories that it depends on, with a digest of what each was. */
  readonly inputs: readonly PreparedInput[];
  /** Variables of the environment that it depends on; null where one was not set. */
  readonly environment: Readonly<Record<string, string | null>>;
  /** ISO 8601. */
  readonly preparedAt: string;
  readonly bytes: number;
}

export interface PreparedInput {
  /** Absolute. */
  readonly path: string;
  readonly digest: Sha256;
}

const sha256 = z.string().transform((text, context): Sha256 => {
  const digest = parseSha256(text);
  if (digest !== undefined) return digest;
  context.addIssue({ code: 'custom', message: 'not a SHA-256' });
  return z.NEVER;
});

const schema = z.object({
  name: z.string(),
  key: sha256,
  at: z.string(),
  command: z.array(z.string()),
  inputs: z.array(z.object({ path: z.string(), digest: sha256 })),
  environment: z.record(z.string(), z.string().nullable()),
  preparedAt: z.string(),
  bytes: z.number(),
});

/** The description in a directory of the store; its lock says that the directory is used, its access time when it was. */
export function preparedDescription(directory: string): string {
  return join(directory, 'prepared.json');
}

/** Reads it; undefined where there is none, or one that can't be read. */
export async function readPrepared(directory: string): Promise<PreparedDirectory | undefined> {
  const text = await readTextUnnoticed(preparedDescription(directory));
  if (text === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether a word can be the name of a prepared directory: it is no path, and no name of the store's own files. */
export function isPreparedName(word: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(word);
}
