// SPDX-License-Identifier: GPL-2.0-or-later
import { didYouMean, nearestNames } from '../../base/nearest-names.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import type { Catalog, SourceFacts } from '../../distro/catalog.ts';
import { matchesMaintainer, matchesName, matchesSection } from './matching.ts';
import type { Selection } from './selection.ts';

/** What one of the user's selectors stands for. */
export interface Selected {
  /** As the user would write it: `--match 'lib*-perl'`. */
  readonly selector: string;
  readonly sources: readonly SourceFacts[];
  /** What to say where it selects nothing. */
  readonly hint: string;
}

/** What questions about the catalog are asked for. */
export interface SelectionScope {
  readonly architecture: string;
  readonly profiles: readonly string[];
}

/**
 * What each selector but the words stands for, in the order of {@link Selection}. Throws PasekaError unknown-package for
 * a package of whose name the snapshot has nothing.
 */
export function selectSources(
  selection: Selection,
  facts: readonly SourceFacts[],
  catalog: Pick<Catalog, 'sourcesThatNeed' | 'packageNames' | 'sourceNames'>,
  scope: SelectionScope,
): Selected[] {
  const sections = (): string[] => [...new Set(facts.map(({ section }) => section))];
  const select = (selector: string, matches: (one: SourceFacts) => boolean, hint: string): Selected => {
    return { selector, sources: facts.filter(matches), hint };
  };
  return [
    ...(selection.all ? [select('--all', () => true, 'the snapshot has no sources')] : []),
    ...selection.match.map((glob) =>
      select(
        `--match ${quoted(glob)}`,
        ({ name }) => matchesName(glob, name),
        'it is compared with whole names of sources: * stands for anything',
      ),
    ),
    ...selection.section.map((wanted) =>
      select(
        `--section ${quoted(wanted)}`,
        ({ section }) => matchesSection(wanted, section),
        didYouMean(nearestNames(wanted, sections()), `there are ${sections().sort().join(', ')}`),
      ),
    ),
    ...selection.maintainer.map((wanted) =>
      select(
        `--maintainer ${quoted(wanted)}`,
        ({ maintainers }) => maintainers.some((one) => matchesMaintainer(wanted, one)),
        'give a part of a name or address, or a glob for all of it',
      ),
    ),
    ...selection.reverseBuildDependsOf.map((wanted): Selected => {
      const names = catalog.sourcesThatNeed(wanted, { ...scope, depth: selection.depth });
      if (names === undefined) throw unknownPackage(wanted, catalog);
      const needing = new Set(names);
      return select(
        `--reverse-build-depends-of ${quoted(wanted)}`,
        ({ name }) => needing.has(name),
        'no source names it, or anything that it provides, in its build dependencies',
      );
    }),
    ...selection.failedIn.map(({ campaign, names }) =>
      select(
        `--failed-in ${quoted(campaign)}`,
        ({ name }) => names.has(name),
        names.size === 0 ? 'nothing failed in it' : 'the snapshot has no sources of these names',
      ),
    ),
  ];
}

/** A word as a shell takes it. */
export function quoted(word: string): string {
  return /^[\w.+:@/=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function unknownPackage(name: string, catalog: Pick<Catalog, 'packageNames' | 'sourceNames'>): PasekaError {
  const isSource = name.startsWith('src:');
  const candidates = isSource
    ? nearestNames(name.slice('src:'.length), catalog.sourceNames()).map((one) => `src:${one}`)
    : nearestNames(name, new Set([...catalog.packageNames(), ...catalog.sourceNames()]));
  return new PasekaError(
    'unknown-package',
    isSource
      ? `the snapshot has no packages of a source ${name.slice('src:'.length)}`
      : `the snapshot has no package and no source ${name}`,
    didYouMean(candidates, 'give a package, or src:NAME for all packages of a source'),
  );
}
