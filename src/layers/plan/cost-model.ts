// SPDX-License-Identifier: GPL-2.0-or-later
import { defaultMakingCosts } from './fit-costs.ts';

/** What a layer costs to make and to keep, in milliseconds of work; disk is turned into them by a price. */
export interface LayerCostModel {
  /** Making any layer, whatever is in it: a root, the packaging system's start, its triggers. */
  readonly layerMs: number;
  /** Disk that any layer takes: the package database and caches that it has a copy of. */
  readonly layerBytes: number;
  /** Disk for each package of a layer: its directories (files are links into the store of unpacked packages). */
  readonly packageBytes: number;
  /** The part of a package's installed size that is written anew in each layer, by its maintainer scripts. */
  readonly writtenShare: number;
  /** What disk is worth, for each 1024 × 1024 bytes. 0: disk does not matter. */
  readonly msPerMebibyte: number;
}

/** Measured on Debian 12; what making takes is fitted to each host's own layers (fit-costs.ts). */
export const defaultCostModel: LayerCostModel = {
  layerMs: defaultMakingCosts.layerMs,
  layerBytes: 512 * 1024,
  packageBytes: 32 * 1024,
  writtenShare: 0.01,
  msPerMebibyte: 1,
};

/** What the planner has to know of a package. */
export interface PackageFacts {
  readonly installedBytes: number;
  /** An estimate of linking and configuring it in one layer. */
  readonly costMs: number;
  /** Packages that it needs, of the same list, by their place; those that a task's set lacks do not count for it. */
  readonly dependencies: ArrayLike<number>;
  /**
   * Packages that have this in common can't be installed one after the other: a layer that has some of them is not lain over
   * by one that adds more of them.
   */
  readonly atOnce?: string;
}

/** Disk that one package takes in a layer. */
export function packageDiskBytes(model: LayerCostModel, facts: Pick<PackageFacts, 'installedBytes'>): number {
  return model.packageBytes + model.writtenShare * facts.installedBytes;
}

/** Everything that one package costs in a layer, in milliseconds. */
export function packageWeight(model: LayerCostModel, facts: PackageFacts): number {
  return facts.costMs + priceOf(model, packageDiskBytes(model, facts));
}

/** What several packages together are, as if they were one: it weighs as much as they do. */
export function joinedFacts(
  model: LayerCostModel,
  packages: readonly PackageFacts[],
): Pick<PackageFacts, 'installedBytes' | 'costMs'> {
  const sum = (of: (facts: PackageFacts) => number): number =>
    packages.reduce((all, one) => all + of(one), 0);
  return {
    installedBytes: sum(({ installedBytes }) => installedBytes),
    costMs: sum(({ costMs }) => costMs) + (packages.length - 1) * priceOf(model, model.packageBytes),
  };
}

/** Everything that a layer costs before there is a package in it, in milliseconds. */
export function layerWeight(model: LayerCostModel): number {
  return model.layerMs + priceOf(model, model.layerBytes);
}

function priceOf(model: LayerCostModel, bytes: number): number {
  return (bytes / (1024 * 1024)) * model.msPerMebibyte;
}
