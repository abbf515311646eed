// SPDX-License-Identifier: GPL-2.0-or-later
import type { FailedSources } from './failed-sources.ts';

/**
 * Which sources a user wants: what any of the selectors names, without what is excluded; of that a sample; of that the
 * first ones. Each list may be empty.
 */
export interface Selection {
  /** As the user wrote them, from the command line or a list: names, `name=version`, paths. */
  readonly words: readonly string[];
  /** Everything in the suite. */
  readonly all: boolean;
  /** Globs on names of sources. */
  readonly match: readonly string[];
  /** Sections, without their area or with it (`contrib/net`), or globs. */
  readonly section: readonly string[];
  /** Parts of maintainers' and uploaders' names or addresses in any case, or globs on all of one. */
  readonly maintainer: readonly string[];
  /** Packages, or `src:NAME`: the sources that need them to be built. */
  readonly reverseBuildDependsOf: readonly string[];
  /** How far to go on from those. */
  readonly depth: number;
  /** Sources that did not pass in earlier campaigns, in the version that the snapshot has now. */
  readonly failedIn: readonly FailedSources[];
  /** Globs on names. */
  readonly exclude: readonly string[];
  readonly sample?: number;
  readonly seed: string;
  readonly limit?: number;
}

/** Whether anything is asked for at all. */
export function isAsking(selection: Selection): boolean {
  const { words, all, match, section, maintainer, reverseBuildDependsOf, failedIn } = selection;
  const lists = [words, match, section, maintainer, reverseBuildDependsOf, failedIn];
  return all || lists.some((list) => list.length > 0);
}
