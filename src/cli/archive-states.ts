// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../base/paseka-error.ts';
import { openOverlay } from '../campaign/overlay.ts';
import type { ArchiveState } from '../distro/archive-check.ts';
import type { LocalPackage } from '../distro/distribution.ts';
import { openSnapshotFor, type SnapshotInUse, type SnapshotTools } from './open-snapshot.ts';
import type { RepositoryOptions } from './options.ts';
import type { Pools } from './pools.ts';

/** A snapshot, and packages of the user's own in the place of those of the same names. */
export interface OpenState {
  readonly snapshot: SnapshotInUse;
  readonly overlay: readonly LocalPackage[];
}

export interface StateOptions extends RepositoryOptions {
  readonly with?: readonly string[];
  /** Each a snapshot's id, or what `--with` takes. */
  readonly before?: readonly string[];
  readonly after?: readonly string[];
}

/** What opening states takes. */
export interface StateTools extends SnapshotTools {
  readonly pools: Pools;
  readonly scratchDirectory: string;
}

/** The states that a verb compares, as long as it is not disposed. */
export interface OpenStates extends AsyncDisposable {
  /** Undefined where one state is to be looked at by itself. */
  readonly before: OpenState | undefined;
  readonly after: OpenState;
}

/**
 * Opens what `--before`, `--after` and `--with` name: packages without a snapshot lie over the one that the other
 * options choose, `--with` lies over the later state, and where that is not named it is the earlier one's snapshot.
 * Throws PasekaError unknown-snapshot, bad-binary-package, bad-option.
 */
export async function openStates(options: StateOptions, tools: StateTools): Promise<OpenStates> {
  await using stack = new AsyncDisposableStack();
  const opened = new Map<string, SnapshotInUse>();
  const open = async (id: string | undefined): Promise<SnapshotInUse> => {
    const chosen = id === undefined ? options : { snapshot: id };
    const snapshot = opened.get(id ?? '') ?? stack.use(await openSnapshotFor(chosen, tools));
    opened.set(id ?? '', snapshot);
    return snapshot;
  };
  const isComparison = options.before !== undefined || options.after !== undefined;
  const earlier = splitState(options.before ?? []);
  const later = splitState(options.after ?? []);
  const laterId = options.after === undefined ? earlier.snapshot : later.snapshot;
  const before = isComparison ? await openState(earlier.snapshot, earlier.paths) : undefined;
  const after = await openState(laterId, [...later.paths, ...(options.with ?? [])]);
  if (before !== undefined) refuseIncomparable(before, after);
  const undo = stack.move();
  return { before, after, [Symbol.asyncDispose]: () => undo.disposeAsync() };

  async function openState(id: string | undefined, paths: readonly string[]): Promise<OpenState> {
    const snapshot = await open(id);
    const { output, signal } = tools;
    const { distribution } = snapshot;
    const pool = await tools.pools.of(distribution);
    const options = { onProgress: output.progress, signal };
    const { packages } = await openOverlay({ ...tools, pool, distribution, snapshot }, paths, options);
    return { snapshot, overlay: packages };
  }
}

/** A state as the packaging system takes it. */
export function archiveState({ snapshot, overlay }: OpenState): ArchiveState {
  return { catalog: snapshot.catalog, architecture: snapshot.architecture, overlay };
}

/** What begins an id is hexadecimal and has no slash or dot; of a directory with such a name `./abc` is said. */
function splitState(words: readonly string[]): {
  readonly snapshot: string | undefined;
  readonly paths: readonly string[];
} {
  const ids = words.filter((word) => /^[0-9a-f]{1,64}$/i.test(word));
  if (ids.length > 1) {
    throw new PasekaError(
      'bad-option',
      `one state can't be of ${ids.length} snapshots: ${ids.join(', ')}`,
      'name one snapshot; a directory with such a name is written ./NAME',
    );
  }
  return { snapshot: ids[0], paths: words.filter((word) => !ids.includes(word)) };
}

function refuseIncomparable(before: OpenState, after: OpenState): void {
  if (before.snapshot.architecture !== after.snapshot.architecture) {
    throw new PasekaError(
      'bad-option',
      `the states are of different architectures: ${before.snapshot.architecture} and ${after.snapshot.architecture}`,
      'compare snapshots of one architecture: `paseka snapshot list` shows them',
    );
  }
  if (before.snapshot.distribution.kind !== after.snapshot.distribution.kind) {
    throw new PasekaError(
      'bad-option',
      'the states are of different packaging systems',
      'compare snapshots of one: `paseka snapshot list` shows them',
    );
  }
  const digests = ({ overlay }: OpenState): string => overlay.map(({ sha256 }) => sha256).join(' ');
  if (before.snapshot.snapshotId === after.snapshot.snapshotId && digests(before) === digests(after)) {
    throw new PasekaError(
      'bad-option',
      'both states are the same: there is nothing to compare',
      'name another snapshot or packages by --after, or packages by --with',
    );
  }
}
