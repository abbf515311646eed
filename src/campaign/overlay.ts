// SPDX-License-Identifier: GPL-2.0-or-later
import { digestOfParts, type Sha256 } from '../base/digest.ts';
import { unreachable } from '../base/invariant.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { Catalog } from '../distro/catalog.ts';
import type { LocalPackage } from '../distro/distribution.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { ChangeUnderTest } from '../events/events.ts';
import { hashFile } from '../host/hash-file.ts';
import { treeDigest } from '../host/tree-digest.ts';
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

/** What an event tells of an overlay and of the sources that are built first; undefined where there is neither. */
export async function changeOf(
  { digest, packages }: Overlay,
  sources: readonly SourceInput[],
): Promise<ChangeUnderTest | undefined> {
  if (packages.length + sources.length === 0) return undefined;
  const contents = await Promise.all(sources.map(contentOf));
  const named = sources.map(({ name, version }) => ({ name, version }));
  return {
    overlay: sources.length === 0 ? digest : digestOfParts({ packages: digest, sources: contents.join(' ') }),
    ...(sources.length === 0 ? {} : { sources: named }),
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

/** A digest of a source: the file that describes a packed one has those of all its files. */
async function contentOf(source: SourceInput): Promise<Sha256> {
  switch (source.kind) {
    case 'repository':
      return source.files[0]?.sha256 ?? digestOfParts({ name: source.name, version: source.version });
    case 'local':
      return hashFile(source.paths[0] ?? '');
    case 'directory':
      return treeDigest(source.path);
    default:
      return unreachable(source);
  }
}

/**
 * What of a change the snapshot has too, or something that provides it: packages, and all packages of a changed source.
 * By default what needs these is rebuilt.
 */
export function knownPackages(
  { packages }: Overlay,
  sources: readonly SourceInput[],
  catalog: Catalog,
  scope: SelectionScope,
): string[] {
  const names = [...packages.map(({ name }) => name), ...sources.map(({ name }) => `src:${name}`)];
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
