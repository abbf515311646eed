// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { z } from 'zod';
import { readFrozenDescription, sha256Schema, writeFrozenDescription } from '../frozen-description.ts';

/**
 * What a freeze leaves behind, immutable and relocatable (no absolute path in it):
 *
 * - `frozen.json`: this file's {@link FrozenDirectory};
 * - `repositories/N/`: the index as it was fetched (repomd.xml with its signature, primary and filelists; of apt-rpm release,
 *   pkglist and srclist), and `packages.solv`, what libsolv made of it, which is all that is read afterwards;
 * - `keyrings/`: the keys that signatures were checked with.
 */
export const frozenLayout = {
  description: 'frozen.json',
  repositories: 'repositories',
  keyrings: 'keyrings',
  solv: 'packages.solv',
} as const;

const formatVersion = 1;

const repositorySchema = z.readonly(
  z.object({
    /** As the user's source calls it. */
    name: z.string(),
    /** What the locations of its packages are relative to, ending in `/`. */
    uri: z.string(),
    components: z.readonly(z.array(z.string())),
    /** The greater, the more preferred. */
    priority: z.number(),
    /** Whether only its sources count. */
    sourcesOnly: z.boolean(),
    /** Whether the signature of its index was checked. */
    signed: z.boolean(),
    /** Relative paths of the keys that each of its packages has to be signed with; empty: they need not. */
    packageKeys: z.readonly(z.array(z.string())),
    /** By which digest its index knows the packages' files. */
    packageDigest: z.enum(['sha256', 'md5', 'blake2b512']),
    /** Names of sources that say themselves that they are not for this architecture; an index of rpm-md has nothing of that. */
    foreignSources: z.readonly(z.array(z.string())),
    /** Relative. */
    directory: z.string(),
    /** Of the file that has the digests of all others (repomd.xml). */
    sha256: sha256Schema,
    /** ISO 8601; empty where it has none. */
    date: z.string(),
    origin: z.string(),
  }),
);

const frozenSchema = z.readonly(
  z.object({
    version: z.literal(formatVersion),
    id: sha256Schema,
    architecture: z.string(),
    /** In the order of the user's sources, which decides between equal versions of equal priority: the first wins. */
    repositories: z.readonly(z.array(repositorySchema)),
  }),
);

/** A repository as it was frozen. */
export type FrozenRepository = z.infer<typeof repositorySchema>;

/** The content of `frozen.json`. */
export type FrozenDirectory = z.infer<typeof frozenSchema>;

/** Reads a frozen directory's description. Throws PasekaError index-corrupt where it is absent or not one. */
export async function readFrozenDirectory(directory: string): Promise<FrozenDirectory> {
  return await readFrozenDescription(join(directory, frozenLayout.description), frozenSchema);
}

/** Writes `frozen.json`: the last step of a freeze. */
export async function writeFrozenDirectory(
  directory: string,
  frozen: Omit<FrozenDirectory, 'version'>,
): Promise<void> {
  const addresses = frozen.repositories.map(({ uri }) => uri);
  await writeFrozenDescription(
    join(directory, frozenLayout.description),
    { version: formatVersion, ...frozen },
    addresses,
  );
}
