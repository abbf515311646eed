// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';
import type { Base } from './base-store.ts';
import type { Layer } from './layer-description.ts';
import type { LayerUse } from './layer-uses.ts';

/** What a layer consists of, and how it is made. */
export interface LayerRequest<Failure> {
  readonly base: Base;
  /** Digests of the packages, in the order of installation where one is known. */
  readonly packages: readonly Sha256[];
  /** Names of packages of the base that go. */
  readonly removed: readonly string[];
  /** Makes its files; a failure is no layer. */
  readonly make: (
    place: LayerPlace,
  ) => Promise<LayerMade | NotOverThat | { readonly kind: 'failed'; readonly failure: Failure }>;
  readonly signal: AbortSignal;
}

/** How the files of a layer came about: linked from the store, or all installed by the packaging system alone. */
export interface LayerMade {
  readonly kind: Layer['made'];
}

/** Nothing was made: it has to be made over another layer, or the base, than the one that it was to lie over. */
export interface NotOverThat {
  readonly kind: 'not-over';
  /** Absolute paths inside a root: every layer that has put down one of them is not to be below, and with `/` none at all. */
  readonly paths: readonly string[];
}

/** Where a layer is made. */
export interface LayerPlace {
  /** Existing and empty: what is in it afterwards is the layer, a lower directory of roots. */
  readonly directory: string;
  /** What it will lie over, topmost first: the layer that it is made over, if any, and the base. */
  readonly lower: readonly string[];
  /** Those of the packages that are not there yet, by their place among the wanted. */
  readonly missing: readonly number[];
  /** For what is needed meanwhile; existing and empty, on the same file system. */
  readonly scratch: string;
}

export type LayerEnd<Failure> =
  /** The caller disposes of the use when no root has it any more. */
  | { readonly kind: 'layer'; readonly use: LayerUse; readonly made: Layer['made'] }
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** The layers in use take all the room that there may be: the caller installs into its own root. */
  | { readonly kind: 'no-room' };
