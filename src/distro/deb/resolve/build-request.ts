// SPDX-License-Identifier: GPL-2.0-or-later
import { type SourceField, sourceFields } from '../catalog/catalog-tables.ts';
import { parseRelations } from '../catalog/relation-syntax.ts';
import { matchesArchitectures, matchesProfiles, splitRestriction } from '../catalog/restrictions.ts';
import type { Paragraph } from '../deb822.ts';
import type { Universe } from './universe.ts';

/** What a request depends on and excludes: items as in the catalog's `relations` (atom × 2 + "alternative follows"). */
export interface RequestItems {
  readonly dependencies: readonly number[];
  readonly conflicts: readonly number[];
  /** The field that each of the dependencies stands in. */
  readonly dependencyFields: readonly SourceField[];
}

/** Which of a source's build dependencies count. */
export interface BuildScope {
  readonly profiles: readonly string[];
  /** Whether Architecture: all packages are built (Build-Depends-Indep, Build-Conflicts-Indep); apt's default. */
  readonly indep: boolean;
}

/** The build dependencies of a catalog's source, in apt's order, after restrictions. */
export function buildRequestOfRow(universe: Universe, source: number, scope: BuildScope): RequestItems {
  const { sourceRelationStarts, sourceRelations } = universe.catalog.columns;
  const collector = new Collector(universe, scope);
  for (const [index, field] of sourceFields.entries()) {
    const start = sourceRelationStarts[source * sourceFields.length + index] ?? 0;
    const end = sourceRelationStarts[source * sourceFields.length + index + 1] ?? 0;
    for (let at = start; at < end; at += 2) {
      const item = sourceRelations[at] ?? 0;
      const restriction = universe.catalog.strings.at(sourceRelations[at + 1] ?? 0);
      const { architectures, profiles } = splitRestriction(restriction);
      collector.add(field, item >> 1, (item & 1) === 0, architectures, profiles);
    }
  }
  return collector;
}

/** The build dependencies in a .dsc's or debian/control's source paragraph. Throws RelationSyntaxError. */
export function buildRequestOfParagraph(
  universe: Universe,
  source: Paragraph,
  scope: BuildScope,
): RequestItems {
  const collector = new Collector(universe, scope);
  for (const field of sourceFields) {
    for (const alternatives of parseRelations(source.get(field) ?? '')) {
      for (const [index, atom] of alternatives.entries()) {
        const isLast = index === alternatives.length - 1;
        collector.add(field, universe.atomNumber(atom), isLast, atom.architectures, atom.profiles);
      }
    }
  }
  return collector;
}

/** Keeps the alternatives whose restrictions hold; a clause without any left is gone. */
class Collector implements RequestItems {
  readonly dependencies: number[] = [];
  readonly conflicts: number[] = [];
  readonly dependencyFields: SourceField[] = [];
  readonly #universe: Universe;
  readonly #indep: boolean;
  readonly #profiles: ReadonlySet<string>;
  #clause: number[] = [];

  constructor(universe: Universe, scope: BuildScope) {
    this.#universe = universe;
    this.#indep = scope.indep;
    this.#profiles = new Set(scope.profiles);
  }

  add(field: SourceField, atom: number, isLast: boolean, architectures: string, profiles: string): void {
    if (!this.#indep && field.endsWith('-indep')) return;
    if (
      matchesArchitectures(architectures, this.#universe.architecture) &&
      matchesProfiles(profiles, this.#profiles)
    ) {
      this.#clause.push(atom * 2 + 1);
    }
    if (!isLast) return;
    const last = this.#clause.length - 1;
    if (last >= 0) this.#clause[last] = (this.#clause[last] ?? 0) - 1;
    const isConflict = field.startsWith('build-conflicts');
    (isConflict ? this.conflicts : this.dependencies).push(...this.#clause);
    if (!isConflict) this.dependencyFields.push(...this.#clause.map(() => field));
    this.#clause = [];
  }
}
