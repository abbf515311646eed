// SPDX-License-Identifier: GPL-2.0-or-later
import type { BuildrootFactory } from '../buildroot/buildroot.ts';
import type { Distribution } from '../distro/distribution.ts';
import type { BaseSource, BaseStore } from '../layers/base-store.ts';
import type { LayerStore } from '../layers/layer-store.ts';
import type { UnpackedStore } from '../layers/unpacked-store.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { CheckedSignatures } from '../store/checked-signatures.ts';
import type { Pool } from '../store/pool.ts';
import type { CheckResults } from './check-results.ts';

/** The snapshot that a campaign works on: what a base is made from, and where the results belong. */
export interface CampaignSnapshot extends BaseSource {
  readonly suite: string;
}

/** Everything that tasks share; put together once in cli/. */
export interface CampaignContext {
  readonly distribution: Distribution;
  readonly snapshot: CampaignSnapshot;
  readonly bases: BaseStore;
  /** Undefined where this host can't have any. */
  readonly layers: LayerStore | undefined;
  readonly unpacked: UnpackedStore;
  readonly checkResults: CheckResults;
  readonly pool: Pool;
  readonly signatures: CheckedSignatures;
  readonly buildroots: BuildrootFactory;
  readonly sandbox: Sandbox;
  /** For files that live as long as one task; on the state directory's file system. */
  readonly scratchDirectory: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or as soon as the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}
