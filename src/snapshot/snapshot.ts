// SPDX-License-Identifier: GPL-2.0-or-later
import { z } from 'zod';
import { digestOfParts, parseSha256, type Sha256 } from '../base/digest.ts';
import { publicUri } from '../base/public-uri.ts';
import type { DistributionKind } from '../distro/distribution.ts';
import type { FrozenRelease, Repository } from '../distro/repository.ts';

/** An immutable, verified state of one or more repositories for one suite and architecture. */
export interface Snapshot {
  /** See FrozenRepositories.id for what it covers. */
  readonly id: Sha256;
  /** The packaging system that it was made with. */
  readonly kind: DistributionKind;
  /** When this machine froze it, ISO 8601. */
  readonly createdAt: string;
  /** As it was asked for. */
  readonly suite: string;
  readonly architecture: string;
  /** As they were asked for, without credentials. */
  readonly repositories: readonly Repository[];
  readonly releases: readonly FrozenRelease[];
}

/** What a snapshot is made of, before it is. */
export interface SnapshotWish {
  readonly kind: DistributionKind;
  readonly suite: string;
  readonly architecture: string;
  readonly repositories: readonly Repository[];
}

/**
 * The same for wishes that may share a snapshot. It covers what decides about the content, in the order that decides
 * between equal versions; not keyrings and dates, which decide only whether a freeze succeeds (but the keys that packages have
 * to be signed with, which are asked for later), and not the suite, which is only a name for the repositories.
 */
export function wishKey(wish: SnapshotWish): Sha256 {
  const places = wish.repositories.map(({ uri, suite, components, trusted, sourcesOnly, ...more }) => [
    publicUri(uri),
    suite,
    components,
    trusted === true,
    sourcesOnly === true,
    ...[more.priority, more.signatureOf].filter((one) => one !== undefined),
    ...(more.signatureOf === 'packages' || more.signatureOf === 'both' ? [more.signedBy ?? ''] : []),
  ]);
  return digestOfParts({
    kind: wish.kind,
    architecture: wish.architecture,
    repositories: JSON.stringify(places),
  });
}

const formatVersion = 1;

const strings = z.readonly(z.array(z.string()));

const repositorySchema = z.readonly(
  z.object({
    uri: z.string(),
    suite: z.string(),
    components: strings,
    signedBy: z.exactOptional(z.string()),
    trusted: z.exactOptional(z.boolean()),
    checkValidUntil: z.exactOptional(z.boolean()),
    architectures: z.exactOptional(strings),
    sourcesOnly: z.exactOptional(z.boolean()),
    priority: z.exactOptional(z.number()),
    signatureOf: z.exactOptional(z.enum(['index', 'packages', 'both'])),
  }),
);

const releaseSchema = z.readonly(
  z.object({
    uri: z.string(),
    suite: z.string(),
    codename: z.string(),
    origin: z.string(),
    components: strings,
    date: z.string(),
    signed: z.boolean(),
    signedPackages: z.exactOptional(z.boolean()),
  }),
);

const snapshotSchema = z.object({
  version: z.literal(formatVersion),
  id: z.string().refine((id) => parseSha256(id) !== undefined),
  // earlier snapshots don't say it
  kind: z.enum(['deb', 'rpm']).default('deb'),
  createdAt: z.string(),
  suite: z.string(),
  architecture: z.string(),
  repositories: z.readonly(z.array(repositorySchema)),
  releases: z.readonly(z.array(releaseSchema)),
});

/** The text of `snapshot.json`. */
export function renderSnapshot(snapshot: Snapshot): string {
  return `${JSON.stringify({ version: formatVersion, ...snapshot }, null, 2)}\n`;
}

/** Reads the text of `snapshot.json`; undefined where it isn't one. */
export function parseSnapshot(text: string): Snapshot | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  const parsed = snapshotSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { version: _, ...snapshot } = parsed.data;
  return { ...snapshot, id: snapshot.id as Sha256 };
}
