// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { z } from 'zod';
import { readFrozenDescription, sha256Schema, writeFrozenDescription } from '../frozen-description.ts';

/**
 * What a freeze leaves behind, immutable and relocatable (no absolute path in it):
 *
 * - `frozen.json`: this file's {@link FrozenDirectory}, the only thing that readers have to understand;
 * - `lists/`: release files and indices under apt's own names, uncompressed, usable as an apt `Dir::State::lists`
 *   (together with `lists/partial/`, empty);
 * - `sources.list.d/paseka.sources`: the repositories that `lists/` belongs to, for apt. It names no keyring, because
 *   signatures were checked when freezing; those that were taken unsigned stand there with `Trusted: yes`;
 * - `keyrings/`: the keys that the signatures were checked with.
 */
export const frozenLayout = {
  description: 'frozen.json',
  lists: 'lists',
  sources: join('sources.list.d', 'paseka.sources'),
  keyrings: 'keyrings',
  /** Made from the lists when they are first read (catalog/open-catalog.ts). */
  catalog: 'catalog.bin',
} as const;

const formatVersion = 1;

const releaseSchema = z.readonly(
  z.object({
    /** Of the repository, ending in `/`. */
    uri: z.string(),
    /** As the user's source named it: `bookworm`, `stable`, or a path ending in `/` for a flat repository. */
    suite: z.string(),
    codename: z.string(),
    origin: z.string(),
    components: z.readonly(z.array(z.string())),
    /** As the release file says, ISO 8601; empty where there is no release file. */
    date: z.string(),
    signed: z.boolean(),
    /** Relative paths of the keyrings that its signature was checked with; empty: the keys in `keyrings/host/`. */
    keyrings: z.readonly(z.array(z.string())),
    /** Relative path of the release file; absent for a repository without one. */
    path: z.optional(z.string()),
    /** Digest of the release file; absent for a repository without one. */
    sha256: z.optional(sha256Schema),
  }),
);

const indexSchema = z.readonly(
  z.object({
    kind: z.enum(['packages', 'sources']),
    /** Relative to the frozen directory. */
    path: z.string(),
    bytes: z.number(),
    sha256: sha256Schema,
    /** What `Filename` and `Directory` in it are relative to, ending in `/`. */
    uri: z.string(),
    /** As the user's source named it. */
    suite: z.string(),
    /** From the release file; empty where it says none. So are all the others down to `version`. */
    codename: z.string(),
    /** `Suite` of the release file (`stable`), which pins call the archive. */
    archive: z.string(),
    origin: z.string(),
    label: z.string(),
    version: z.string(),
    /** Empty for a flat repository. */
    component: z.string(),
    notAutomatic: z.boolean(),
    butAutomaticUpgrades: z.boolean(),
    /** Whether apt takes packages from it without a question: signed, or declared trusted. */
    trusted: z.boolean(),
  }),
);

const frozenSchema = z.readonly(
  z.object({
    version: z.literal(formatVersion),
    id: sha256Schema,
    architecture: z.string(),
    /** In the order of the user's sources. */
    releases: z.readonly(z.array(releaseSchema)),
    /** In apt's order, which decides between equal versions: the first wins. */
    indices: z.readonly(z.array(indexSchema)),
  }),
);

/** One Packages or Sources file and what its release says about it. */
export type FrozenIndex = z.infer<typeof indexSchema>;

/** One release file, verified, and what was taken from it. */
export type FrozenReleaseFile = z.infer<typeof releaseSchema>;

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
  const addresses = frozen.indices.map(({ uri }) => uri);
  await writeFrozenDescription(
    join(directory, frozenLayout.description),
    { version: formatVersion, ...frozen },
    addresses,
  );
}
