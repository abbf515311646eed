// SPDX-License-Identifier: GPL-2.0-or-later
import type { OverlaySupport } from '../host/overlay-probe.ts';
import type { CloneMethod, UpperPlace } from './buildroot.ts';

/** How roots are made on this host, and where their uppers can be. */
export interface CloneChoice {
  readonly method: CloneMethod;
  readonly tmpfsUpper: boolean;
  readonly diskUpper: boolean;
  /** Whether programs in a root with its upper on disk can be given capabilities. */
  readonly diskKeepsCapabilities: boolean;
  /** For people: what is not as it should be and why; null where all is. */
  readonly note: string | null;
}

/** Picks the method from what the probe found. A pure function. */
export function chooseCloneMethod(support: OverlaySupport): CloneChoice {
  const { tmpfsUpper, diskUpper } = support;
  const diskKeepsCapabilities = diskUpper.usable && diskUpper.keepsCapabilities;
  if (tmpfsUpper.usable && diskUpper.usable)
    return { method: 'overlay', tmpfsUpper: true, diskUpper: true, diskKeepsCapabilities, note: null };
  if (tmpfsUpper.usable) {
    const why = diskUpper.usable ? '' : diskUpper.reason;
    return {
      method: 'overlay',
      tmpfsUpper: true,
      diskUpper: false,
      diskKeepsCapabilities,
      note: `overlays can't have their upper on the state directory's file system (${why}): all uppers are in memory`,
    };
  }
  if (diskUpper.usable) {
    return {
      method: 'overlay',
      tmpfsUpper: false,
      diskUpper: true,
      diskKeepsCapabilities,
      note: `overlays can't have their upper in a tmpfs here (${tmpfsUpper.reason}): all uppers are on disk`,
    };
  }
  return {
    method: 'copy',
    tmpfsUpper: false,
    diskUpper: false,
    diskKeepsCapabilities,
    note: `overlays can't be had (${diskUpper.reason}): every root is a copy on disk, seconds slower`,
  };
}

/**
 * Where the upper goes, given where it is wanted. Wanted on disk but only possible in memory, it may take half of
 * `memoryBytes` where it has no size, as every tmpfs does by default.
 */
export function choosePlace(choice: CloneChoice, wanted: UpperPlace, memoryBytes: number): UpperPlace {
  if (wanted.kind === 'tmpfs')
    return choice.tmpfsUpper ? wanted : { kind: 'disk', sizeBytes: wanted.sizeBytes };
  if (choice.diskUpper || !choice.tmpfsUpper) return wanted;
  return { kind: 'tmpfs', sizeBytes: wanted.sizeBytes ?? Math.floor(memoryBytes / 2) };
}
