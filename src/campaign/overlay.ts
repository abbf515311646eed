// SPDX-License-Identifier: GPL-2.0-or-later
import { digestOfParts, type Sha256 } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { Catalog } from '../distro/catalog.ts';
import type { LocalPackage } from '../distro/distribution.ts';
import type { ChangeUnderTest } from '../events/events.ts';
import type { CampaignContext } from './campaign-context.ts';
import type { SelectionScope } from './choose/select-sources.ts';
import type { EventRecorder } from './event-recorder.ts';

/** Packages of the user's own that lie over a snapshot, one of each name; a value: equal contents have equal digests. */
export interface Overlay {
  /** Of the packages' contents, in no order. */
  readonly digest: Sha256;
  /** Their paths lead into the pool: the user's own files are not needed any more. */
  readonly packages: readonly LocalPackage[];
}

export interface OverlayOptions {
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Opens what the user wants over the snapshot (files, directories, a build's description, repositories), and keeps all of
 * it in the pool. Throws PasekaError as Distribution.openCandidates does, and file-not-on-mirror.
 */
export async function openOverlay(
  context: Pick<CampaignContext, 'distribution' | 'pool' | 'snapshot' | 'scratchDirectory'>,
  words: readonly string[],
  options: OverlayOptions = {},
): Promise<Overlay> {
  const { distribution, pool, snapshot, scratchDirectory } = context;
  const opened = await distribution.openCandidates({
    words,
    architecture: snapshot.architecture,
    further: {
      scratchDirectory,
      fetch: async (files) => {
        const ends = await pool.fetchAll(
          files,
          options.signal === undefined ? {} : { signal: options.signal },
        );
        return ends.map((end) => {
          if (end.kind === 'present') return end.path;
          throw new PasekaError(
            'file-not-on-mirror',
            `the repository does not have ${end.url}`,
            'publish it anew',
          );
        });
      },
      ...options,
    },
  });
  const packages: LocalPackage[] = [];
  for (const file of opened) packages.push({ ...file, path: await pool.adopt(file.path, file) });
  return makeOverlay(packages);
}

/** The overlay of these packages. */
export function makeOverlay(packages: readonly LocalPackage[]): Overlay {
  const contents = packages.map(({ sha256 }) => sha256).sort();
  return { digest: digestOfParts({ packages: contents.join(' ') }), packages };
}

/** What an event tells of an overlay; undefined for an empty one. */
export function changeOf({ digest, packages }: Overlay): ChangeUnderTest | undefined {
  if (packages.length === 0) return undefined;
  return {
    overlay: digest,
    packages: packages.map(({ name, version, architecture, fileName, bytes, sha256 }) => ({
      name,
      version,
      architecture,
      fileName,
      bytes,
      sha256,
    })),
  };
}

/** Names of those that the snapshot has too, or something that provides them: what may be needed by its sources. */
export function knownPackages({ packages }: Overlay, catalog: Catalog, scope: SelectionScope): string[] {
  const names = packages.map(({ name }) => name);
  return names.filter((name) => catalog.sourcesThatNeed(name, { ...scope, depth: 1 }) !== undefined);
}

/** Says at the start of a campaign what lies over the snapshot, and which of it can't be installed there. */
export async function noteOverlay(
  { distribution, snapshot }: Pick<CampaignContext, 'distribution' | 'snapshot'>,
  { packages }: Overlay,
  recorder: EventRecorder,
): Promise<void> {
  if (packages.length === 0) return;
  const { catalog, architecture } = snapshot;
  const names = packages.map(({ name, version }) => `${name} ${version}`).join(', ');
  recorder.emit({ type: 'note', level: 'info', message: `preferred to the repository's: ${names}` });
  const broken = await distribution.findUninstallable({ catalog, architecture, candidates: packages });
  for (const { name, version, why } of broken) {
    const message = `${name} ${version} can't be installed over the snapshot: ${why.replaceAll('\n', '; ')}`;
    recorder.emit({ type: 'note', level: 'warning', message });
  }
}
