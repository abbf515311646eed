// SPDX-License-Identifier: GPL-2.0-or-later
import type { LayerCostModel, PackageFacts } from './cost-model.ts';

/** Everything that a campaign installs over one base. Packages are their places in `packages`, throughout. */
export interface LayerPlanRequest<Id> {
  readonly packages: readonly PackageFacts[];
  /** Each with its exact install set, in any order. */
  readonly tasks: readonly PlannedTask<Id>[];
  /** Layers over the same base that are there already. */
  readonly cached?: readonly CachedSet[];
  readonly costModel?: LayerCostModel;
  /** Most layers over the base in one root; 1 shares nothing but equal sets. Default 3 (plan-layers.ts). */
  readonly maxDepth?: number;
}

export interface PlannedTask<Id> {
  readonly id: Id;
  readonly packages: ArrayLike<number>;
}

export interface CachedSet {
  /** All that is installed over the base by it and what it lies over. */
  readonly packages: ArrayLike<number>;
  /** Layers over the base that a root with it has: 1 or more. */
  readonly depth: number;
}

export interface LayerPlan<Id> {
  /** In the order in which they are first needed, parents first. */
  readonly layers: readonly PlannedLayer<Id>[];
  /** All tasks, so that few layers are needed at a time; `layer` is null where the base alone is enough. */
  readonly order: readonly { readonly task: Id; readonly layer: number | null }[];
  /** What making all layers costs by the cost model, cached ones not counted. */
  readonly costMs: number;
  /** The same with a layer of its own over the base for each distinct set, nothing shared or cached. */
  readonly unsharedCostMs: number;
}

export interface PlannedLayer<Id> {
  /** Its place in the plan's `layers`. */
  readonly id: number;
  /** The layer that it lies over; null for the base, and for a cached layer, which has its own parents. */
  readonly parent: number | null;
  /** What it adds to its parent (a cached one: all of it): dependencies first, else what more tasks need first. */
  readonly packages: readonly number[];
  /** The tasks whose set is exactly this layer with all that is below it. */
  readonly tasks: readonly Id[];
  /** Its place in the request's `cached` where it is one of these; else null. */
  readonly cached: number | null;
  /** Layers over the base that a root with it has. */
  readonly depth: number;
  /** Disk that it takes, by the cost model; 0 for a cached one. */
  readonly diskBytes: number;
  /** Places in the plan's `order` of the first and the last task that it is below or the layer of. */
  readonly firstNeeded: number;
  readonly lastNeeded: number;
}
