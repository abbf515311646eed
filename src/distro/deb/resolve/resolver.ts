// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../../../base/invariant.ts';
import type { Paragraph } from '../deb822.ts';
import { type AptBehaviour, behaviourOfApt } from './apt-behaviour.ts';
import { AptMarker, Undecided } from './apt-marker.ts';
import { Apt3Solver } from './apt3-solver.ts';
import {
  type BuildScope,
  buildRequestOfParagraph,
  buildRequestOfRow,
  type RequestItems,
} from './build-request.ts';
import { indexClauses, isChoosable } from './clause-index.ts';
import { explainMissing, withoutRequestLine } from './explain-missing.ts';
import { sweepUnneeded } from './garbage.ts';
import { Marking } from './marking.ts';
import { type PackageRequest, packageRequest, requestText } from './package-request.ts';
import type { Universe } from './universe.ts';
import { type BaseGuards, guardBase, verifyMarking } from './verify-marking.ts';

/** What {@link Resolver} answers. */
export type ResolverAnswer =
  /** Exactly what apt would install over the base: rows ({@link Universe.describe}), sorted by name; verified. */
  | { readonly kind: 'resolved'; readonly rows: readonly number[] }
  /** Nothing that apt could choose satisfies the request; the explanation has a line per step of the chain. */
  | { readonly kind: 'unsatisfiable'; readonly explanation: string }
  | { readonly kind: 'unknown-package'; readonly name: string }
  /** apt itself must be asked. */
  | { readonly kind: 'undecided'; readonly reason: string };

/**
 * Answers what apt-get would install over one base without recommended packages. Not reentrant: a request is answered
 * before the next. Each answer takes time in proportion to what is installed, not to the archive.
 */
export class Resolver {
  readonly universe: Universe;
  readonly behaviour: AptBehaviour;
  readonly #guards: BaseGuards;
  /** Names of the base that have a newer candidate, by its source and version. */
  readonly #outdated: ReadonlyMap<string, readonly number[]>;
  readonly #forPackages: Marking;
  #forBuilds: MarkedEssentials | Undecided | undefined;
  #solver: Apt3Solver | undefined;
  /** Rows that the present request names: they may be chosen whether or not they are candidates. */
  #wanted: readonly number[] = [];

  /** @param aptVersion of the apt to equal; default the base's own, else the catalog's. */
  constructor(universe: Universe, aptVersion = aptVersionOf(universe)) {
    this.universe = universe;
    this.behaviour = behaviourOfApt(aptVersion);
    this.#guards = guardBase(universe);
    this.#outdated = findOutdated(universe);
    this.#forPackages = new Marking(universe);
  }

  /** As `apt-get build-dep` for a source row of the catalog. */
  resolveSourceRow(row: number, scope: BuildScope): ResolverAnswer {
    return this.#resolveBuild(buildRequestOfRow(this.universe, row, scope));
  }

  /** As `apt-get build-dep` for the source paragraph of a .dsc or debian/control. Throws RelationSyntaxError. */
  resolveSourceParagraph(source: Paragraph, scope: BuildScope): ResolverAnswer {
    return this.#resolveBuild(buildRequestOfParagraph(this.universe, source, scope));
  }

  /**
   * As `apt-get install --no-install-recommends` for names, `name=version` and local packages (by their place in the
   * universe's local ones).
   */
  resolvePackages(wanted: readonly (string | { readonly local: number })[]): ResolverAnswer {
    const request: PackageRequest = packageRequest(this.universe, wanted);
    if (request.kind !== 'request') return request;
    const marking = this.#forPackages;
    marking.reset();
    this.universe.setRoot(request.items, [], requestText);
    this.#wanted = request.rows;
    if (this.behaviour.solver === '3.0') return this.#solve(marking, request.rows);
    return this.#mark(marking, (marker) => {
      for (const row of request.rows) marking.setCandidate(this.universe.nameOfRow[row] ?? 0, row);
      marking.setInstall(this.universe.rootName, this.universe.root);
      for (const row of request.rows) marker.request(this.universe.nameOfRow[row] ?? 0);
      return request.rows.every((row) => marker.completeRequested(this.universe.nameOfRow[row] ?? 0));
    });
  }

  #resolveBuild(items: RequestItems): ResolverAnswer {
    const { universe } = this;
    this.#wanted = [];
    const essential = { name: 'build-essential', qualifier: '', relation: '', version: '' } as const;
    const buildEssential = universe.atomNumber({ ...essential, architectures: '', profiles: '' }) * 2;
    if (this.behaviour.solver === '3.0') {
      this.#forPackages.reset();
      universe.setRoot([buildEssential, ...items.dependencies], items.conflicts);
      return this.#solve(this.#forPackages, []);
    }
    this.#forBuilds ??= this.#markEssentials(buildEssential);
    if (this.#forBuilds instanceof Undecided) return { kind: 'undecided', reason: this.#forBuilds.message };
    const { marking, entered } = this.#forBuilds;
    marking.reset();
    universe.setRoot(items.dependencies, items.conflicts);
    return this.#mark(marking, (marker) => marker.markRequested(universe.rootName), entered);
  }

  /** apt marks build-essential before every source; what that changes is the same each time. */
  #markEssentials(buildEssential: number): MarkedEssentials | Undecided {
    const marking = new Marking(this.universe);
    const marker = new AptMarker(marking);
    this.universe.setRoot([buildEssential], []);
    try {
      if (!marker.markRequested(this.universe.rootName)) {
        return new Undecided('build-essential is not installable without a conflict');
      }
    } catch (error) {
      if (error instanceof Undecided) return error;
      throw error;
    }
    marking.settle();
    return { marking, entered: marker.entered };
  }

  #mark(
    marking: Marking,
    mark: (marker: AptMarker) => boolean,
    enteredBefore: readonly number[] = [],
  ): ResolverAnswer {
    const marker = new AptMarker(marking);
    try {
      if (!mark(marker)) return this.#unsatisfiable('not everything could be marked');
      return this.#finish(marking, [...enteredBefore, ...marker.entered]);
    } catch (error) {
      if (error instanceof Undecided) return { kind: 'undecided', reason: error.message };
      throw error;
    }
  }

  #solve(marking: Marking, wanted: readonly number[]): ResolverAnswer {
    const { universe } = this;
    if (this.#solver === undefined) {
      this.#solver = new Apt3Solver(universe, indexClauses(universe));
      this.#solver.settle();
    }
    if (wanted.some((row) => universe.candidate[universe.nameOfRow[row] ?? 0] !== row)) {
      return { kind: 'undecided', reason: 'a version is wanted that is not the candidate' };
    }
    const end = this.#solver.solve();
    if (end.kind === 'undecided') return end;
    if (end.kind === 'contradiction')
      return this.#unsatisfiable('the request contradicts itself or the base');
    if (end.rows.some((row) => (universe.current[universe.nameOfRow[row] ?? 0] ?? -1) >= 0)) {
      return { kind: 'undecided', reason: 'something of the base would be upgraded' };
    }
    marking.setInstall(universe.rootName, universe.root);
    for (const row of end.rows) marking.setInstall(universe.nameOfRow[row] ?? 0, row);
    return this.#finish(marking, end.rows);
  }

  /** Sweeps and verifies, whatever made the marking; `entered` are the rows that it went through. */
  #finish(marking: Marking, entered: readonly number[]): ResolverAnswer {
    const changed = marking.changedNames();
    const wrong = verifyMarking(marking, changed, this.#guards);
    if (wrong !== undefined) return this.#unsatisfiable(wrong);
    const kept = sweepUnneeded(marking, changed, this.behaviour);
    const broken = kept.length === changed.length ? undefined : verifyMarking(marking, kept, this.#guards);
    if (broken !== undefined) return { kind: 'undecided', reason: broken };
    if (this.#outdated.size > 0 && this.#wouldUpgradeMore(marking, entered)) {
      return { kind: 'undecided', reason: "other binaries of a chosen package's source would be upgraded" };
    }
    const rows = kept.sort((a, b) => a - b).map((name) => marking.install[name] ?? -1);
    invariant(!rows.includes(-1), 'a package would be removed');
    return { kind: 'resolved', rows };
  }

  /**
   * apt also upgrades installed binaries of a source when it goes through another of its binaries, be that installed
   * already (Upgrade-By-Source-Package).
   */
  #wouldUpgradeMore(marking: Marking, entered: readonly number[]): boolean {
    const { universe } = this;
    return entered.some((row) => {
      const siblings = this.#outdated.get(universe.sourceText(row)) ?? [];
      return siblings.some((sibling) => marking.install[sibling] !== universe.candidate[sibling]);
    });
  }

  /** Unsatisfiable where that can be proved, else undecided. */
  #unsatisfiable(reason: string): ResolverAnswer {
    const { universe } = this;
    const wanted = this.#wanted;
    const found = explainMissing(universe, (row) => isChoosable(universe, row) || wanted.includes(row));
    if (found === undefined) return { kind: 'undecided', reason };
    return { kind: 'unsatisfiable', explanation: wanted.length === 1 ? withoutRequestLine(found) : found };
  }
}

interface MarkedEssentials {
  readonly marking: Marking;
  readonly entered: readonly number[];
}

function findOutdated(universe: Universe): Map<string, number[]> {
  const outdated = universe.installedNames.filter(
    (name) => universe.candidate[name] !== universe.current[name],
  );
  return Map.groupBy(outdated, (name) => universe.sourceText(universe.candidate[name] ?? -1));
}

function aptVersionOf(universe: Universe): string {
  const name = universe.findName('apt');
  const installed = name < 0 ? -1 : (universe.current[name] ?? -1);
  const row = installed >= 0 ? installed : name < 0 ? -1 : (universe.candidate[name] ?? -1);
  return row < 0 ? '0' : universe.versionText(row);
}
