// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../../base/invariant.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import type { Catalog, SourceFacts } from '../../distro/catalog.ts';
import type { Distribution } from '../../distro/distribution.ts';
import type { SourceInput } from '../../distro/source-input.ts';
import { chooseSources } from '../choose-sources.ts';
import { matchesName } from './matching.ts';
import { drawSample } from './sample.ts';
import { quoted, type Selected, type SelectionScope, selectSources } from './select-sources.ts';
import type { Selection } from './selection.ts';

/** What a selection comes to. */
export interface Choice {
  /** What the words name as they are written, then the others by name; each once. At least one. */
  readonly sources: readonly SourceInput[];
  /** Selected too, but nothing is built from them for this architecture: no part of sample and limit. */
  readonly notForArchitecture: readonly { readonly name: string; readonly version: string }[];
  /** Selectors that stand for nothing while others do. */
  readonly warnings: readonly string[];
}

/**
 * Chooses sources. Throws PasekaError unknown-source and unknown-package with the nearest names, bad-source-package,
 * and empty-selection, which says which selectors stand for nothing or what took the rest away.
 */
export async function choose(
  selection: Selection,
  catalog: Catalog,
  distribution: Distribution,
  scope: SelectionScope,
): Promise<Choice> {
  const named = await chooseSources(selection.words, catalog, distribution);
  const facts = [...catalog.sources(scope.architecture)];
  const selected = selectSources(selection, facts, catalog, scope);
  const chosen = new Map(named.map((source) => [keyOf(source), source]));
  for (const { sources } of selected) {
    for (const one of sources) {
      if (!chosen.has(keyOf(one))) chosen.set(keyOf(one), openSource(one, catalog));
    }
  }
  const empty = selected.filter(({ sources }) => sources.length === 0);
  if (chosen.size === 0) throw nothingSelected(empty);
  const kept = [...chosen.values()].filter(
    ({ name }) => !selection.exclude.some((glob) => matchesName(glob, name)),
  );
  if (kept.length === 0) {
    const globs = selection.exclude.map((glob) => `--exclude ${quoted(glob)}`).join(' ');
    throw emptySelection(
      `${globs} takes all ${chosen.size} chosen sources away`,
      'exclude less, or choose more',
    );
  }
  const elsewhere = new Set(facts.filter(({ isBuiltHere }) => !isBuiltHere).map(keyOf));
  const isForeign = (source: SourceInput): boolean =>
    source.kind === 'repository' && elsewhere.has(keyOf(source));
  const notForArchitecture = kept.filter(isForeign).map(({ name, version }) => ({ name, version }));
  const built = kept.filter((source) => !isForeign(source));
  const { sample = built.length, seed, limit } = selection;
  const sources = drawSample(built, keyOf, sample, seed).slice(0, limit);
  if (sources.length === 0) {
    throw emptySelection(
      `nothing is built for ${scope.architecture} from ${firstNames(notForArchitecture)}`,
      'choose other sources, or another --arch',
    );
  }
  return {
    sources,
    notForArchitecture,
    warnings: empty.map(({ selector, hint }) => `${selector} selects nothing: ${hint}`),
  };
}

function openSource(facts: SourceFacts, catalog: Catalog): SourceInput {
  const source = catalog.findSource(facts.name, facts.version);
  invariant(source !== undefined, 'a catalog has the sources that it lists');
  return source;
}

function keyOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name} ${version}`;
}

function nothingSelected(empty: readonly Selected[]): PasekaError {
  const selectors = empty.map(({ selector }) => selector).join(', ');
  const [first] = empty;
  return emptySelection(
    `${selectors} ${empty.length === 1 ? 'selects' : 'select'} nothing`,
    first?.hint ?? 'name at least one source',
  );
}

function emptySelection(message: string, hint: string): PasekaError {
  return new PasekaError('empty-selection', message, hint);
}

/** A few of the names, and how many more there are. */
export function firstNames(sources: readonly { readonly name: string }[], most = 5): string {
  const shown = sources.slice(0, most).map(({ name }) => name);
  const more = sources.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
