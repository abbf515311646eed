// SPDX-License-Identifier: GPL-2.0-or-later
import type { LocalPackage, ResolvedPackage } from '../../distribution.ts';
import type { Resolution, WantedPackages } from '../../resolution.ts';
import type { DebCatalog } from '../catalog/deb-catalog.ts';
import { whyNotInstallable } from '../check/installability-problem.ts';
import type { Paragraph } from '../deb822.ts';
import { buildRequestOfParagraph } from './build-request.ts';
import { isChoosable } from './clause-index.ts';
import { explainMissing, withoutRequestLine } from './explain-missing.ts';
import { findTwins } from './find-twins.ts';
import { parseInstalledBase } from './installed-base.ts';
import { packageRequest, requestText } from './package-request.ts';
import { reasonsOf, writtenField } from './reasons.ts';
import { Resolver, type ResolverAnswer } from './resolver.ts';
import { rowsEqual } from './rows-equal.ts';
import { Universe } from './universe.ts';

/** A local package with its control data, read from the file by the caller. */
export interface LocalCandidate {
  readonly package: LocalPackage;
  readonly control: Paragraph;
}

/** What can be asked; local packages must be among the resolver's own. */
export type Question =
  /** Build dependencies in the source paragraph of a .dsc or debian/control. */
  | { readonly kind: 'build'; readonly source: Paragraph; readonly profiles: readonly string[] }
  | ({ readonly kind: 'install' } & Pick<WantedPackages, 'names' | 'local'>);

/** A {@link Resolution}, or that apt must be asked and why. */
export type InProcessResolution = Resolution | { readonly kind: 'undecided'; readonly reason: string };

/**
 * The resolver of one base in the words of distribution.ts: made once per base (some 100 ms), then asked for each
 * source. Local packages take part like the repository's and are preferred to them.
 */
export class InProcessResolver {
  readonly resolver: Resolver;
  readonly #local: readonly LocalCandidate[];
  /** Whether a local package has name and version of one of the base, but is another: apt then replaces that. */
  readonly #hasTwin: boolean;

  /**
   * @param status text of the base's dpkg status.
   * @param without the resolver of the same base without local packages, where there is one: takes half of the time.
   * Throws PasekaError base-failed where the status is damaged.
   */
  constructor(
    catalog: DebCatalog,
    status: string,
    architecture: string,
    local: readonly LocalCandidate[] = [],
    aptVersion?: string,
    without?: InProcessResolver,
  ) {
    const base = parseInstalledBase(status, architecture);
    const controls = local.map(({ control }) => control);
    this.resolver = new Resolver(
      new Universe(catalog, base, controls, without?.resolver.universe),
      aptVersion,
    );
    this.#local = local;
    this.#hasTwin = local.some((_, index) => this.#isTwin(index));
  }

  /** Build dependencies of the catalog's newest source of a name, or of a version. */
  resolveSource(name: string, version: string | undefined, profiles: readonly string[]): InProcessResolution {
    const row = this.resolver.universe.catalog.findSourceRow(name, version);
    if (row < 0) return { kind: 'unknown-package', name };
    return this.#resolution(this.resolver.resolveSourceRow(row, { profiles, indep: true }));
  }

  /** What it takes. Throws RelationSyntaxError for a source paragraph that can't be read. */
  resolve(question: Question): InProcessResolution {
    if (this.#hasTwin) return { kind: 'undecided', reason: 'the base has another package of one version' };
    if (question.kind === 'install') {
      return this.#resolution(this.resolver.resolvePackages(this.#wanted(question)));
    }
    const scope = { profiles: question.profiles, indep: true };
    return this.#resolution(this.resolver.resolveSourceParagraph(question.source, scope));
  }

  /**
   * What it takes to install `wanted`, which with `candidates` are no packages of this resolver but what the repository
   * has of their names, built again: the same answer as if they were. Undefined where they are anything else, or where it
   * is not simply resolved.
   */
  resolveTwins(
    wanted: readonly LocalCandidate[],
    candidates: readonly LocalCandidate[],
  ): Extract<Resolution, { kind: 'resolved' }> | undefined {
    const local = [...wanted, ...candidates];
    const rows = findTwins(
      this.resolver.universe,
      local.map(({ control }) => control),
    );
    if (rows === undefined) return undefined;
    const named = wanted.map(({ package: file }) => `${file.name}=${file.version}`);
    const answer = this.resolver.resolvePackages(named);
    if (answer.kind !== 'resolved') return undefined;
    const packages = answer.rows.map((row): ResolvedPackage => {
      const twin = local[rows.indexOf(row)];
      return twin === undefined ? this.packageOfRow(row) : { from: 'local', ...twin.package };
    });
    return { kind: 'resolved', packages, removed: [], decidedBy: 'paseka' };
  }

  /**
   * Why it can't be had: what is missing, or the facts that contradict each other whatever is chosen. Undefined where
   * it could be had, or where that can't be told here. Throws RelationSyntaxError.
   */
  explain(question: Question): string | undefined {
    const { universe } = this.resolver;
    const posed = this.#pose(question);
    if (posed === undefined) return undefined;
    const mayChoose = (row: number): boolean => isChoosable(universe, row) || posed.rows.includes(row);
    const missing = explainMissing(universe, mayChoose);
    if (missing !== undefined) return posed.rows.length === 1 ? withoutRequestLine(missing) : missing;
    const essential = universe.installedNames.filter((name) =>
      universe.hasFlag(universe.current[name] ?? -1, 'essential'),
    );
    const [only = universe.root, ...more] = posed.rows;
    return whyNotInstallable(universe, more.length === 0 ? only : universe.root, essential, mayChoose);
  }

  /** Why each package of an answer is in it, by name, whoever gave that; see reasons.ts. Throws RelationSyntaxError. */
  reasons(question: Question, answer: readonly ResolvedPackage[]): Map<string, string> {
    const { universe } = this.resolver;
    const posed = this.#pose(question);
    if (posed === undefined) return new Map();
    const rows = answer.map((chosen) => this.#rowOf(chosen)).filter((row) => row >= 0);
    const reasons = [...reasonsOf(universe, rows, posed.fieldOf)];
    return new Map(reasons.map(([row, why]) => [universe.describe(row).name, why]));
  }

  /** Makes the question the universe's request. */
  #pose(
    question: Question,
  ): { readonly rows: readonly number[]; readonly fieldOf: (item: number) => string } | undefined {
    const { universe } = this.resolver;
    if (question.kind === 'install') {
      const request = packageRequest(universe, this.#wanted(question));
      if (request.kind !== 'request') return undefined;
      universe.setRoot(request.items, [], requestText);
      return { rows: request.rows, fieldOf: () => 'asked for' };
    }
    const items = buildRequestOfParagraph(universe, question.source, {
      profiles: question.profiles,
      indep: true,
    });
    universe.setRoot(items.dependencies, items.conflicts);
    return { rows: [], fieldOf: (item) => writtenField(items.dependencyFields[item] ?? '') };
  }

  #wanted({
    names,
    local,
  }: Pick<WantedPackages, 'names' | 'local'>): (string | { readonly local: number })[] {
    return [...names, ...local.map((file) => ({ local: this.#indexOf(file) }))];
  }

  #isTwin(index: number): boolean {
    const { universe } = this.resolver;
    const row = universe.rowOfLocal(index);
    const current = universe.current[universe.nameOfRow[row] ?? 0] ?? -1;
    if (current < 0 || universe.versionText(current) !== universe.versionText(row)) return false;
    return !rowsEqual(universe, current, universe, row);
  }

  #indexOf({ sha256 }: LocalPackage): number {
    return this.#local.findIndex((candidate) => candidate.package.sha256 === sha256);
  }

  #rowOf(chosen: ResolvedPackage): number {
    const { universe } = this.resolver;
    if (chosen.from === 'local') return universe.rowOfLocal(this.#indexOf(chosen));
    const name = universe.findName(chosen.name);
    const rows = name < 0 ? [] : universe.rowsOfName(name);
    return rows.find((row) => universe.versionText(row) === chosen.version && universe.isUsable(row)) ?? -1;
  }

  /** The package of a row of the universe that can be chosen. */
  packageOfRow(row: number): ResolvedPackage {
    const { universe } = this.resolver;
    const local = this.#local[universe.localIndex(row)];
    if (local !== undefined) return { from: 'local', ...local.package };
    return { from: 'repository', ...universe.catalog.packageFile(row) };
  }

  #resolution(answer: ResolverAnswer): InProcessResolution {
    if (answer.kind === 'unsatisfiable') return { ...answer, decidedBy: 'paseka' };
    if (answer.kind !== 'resolved') return answer;
    const packages = answer.rows.map((row) => this.packageOfRow(row));
    return { kind: 'resolved', packages, removed: [], decidedBy: 'paseka' };
  }
}
