// SPDX-License-Identifier: GPL-2.0-or-later
import { compareVersions } from '../version.ts';

/** What differs between versions of apt in what they choose. */
export interface AptBehaviour {
  /** `marking`: pkgDepCache::MarkInstall; `3.0`: the solver that apt-get uses by default since 3.1. */
  readonly solver: 'marking' | '3.0';
  /** Whether a dependency that something installed satisfies keeps no new provider of it from being swept away. */
  readonly prefersInstalledProviders: boolean;
}

/** The behaviour of an apt of this version (found in its sources and by experiment with 2.6, 3.0 and 3.3). */
export function behaviourOfApt(version: string): AptBehaviour {
  return {
    solver: compareVersions(version, '3.1~') >= 0 ? '3.0' : 'marking',
    prefersInstalledProviders: compareVersions(version, '3.0~') >= 0,
  };
}
