// SPDX-License-Identifier: GPL-2.0-or-later
import type { Pointer } from './functions.ts';
import { filled, IdQueue } from './id-queue.ts';
import {
  repositoryRange,
  setPriority,
  solvableField,
  solvableInts,
  solvablePointer,
  solvableTable,
} from './layout.ts';
import { libsolv, libsolvReason } from './library.ts';

/** What can be looked up of a package, under libsolv's own names of the keys. */
export type SolvKey =
  | 'solvable:requires'
  | 'solvable:provides'
  | 'solvable:conflicts'
  | 'solvable:obsoletes'
  | 'solvable:checksum'
  | 'solvable:downloadsize'
  | 'solvable:installsize'
  | 'solvable:sourcename'
  | 'solvable:sourceevr'
  | 'solvable:group'
  | 'solvable:packager'
  | 'solvable:vendor'
  | 'solvable:mediabase';

/** A repository in a pool: its packages have consecutive numbers. */
export interface SolvRepository {
  readonly name: string;
  readonly pointer: Pointer;
  readonly start: number;
  readonly end: number;
}

/** Which packages a job is about: libsolv's SOLVER_SOLVABLE_*. */
export const selectOf = { solvable: 1, name: 2, provides: 3, oneOf: 4 } as const;

const distributionRpm = 0;
const compareEvr = 0;
const relations: Readonly<Record<string, number>> = { '>': 1, '=': 2, '>=': 3, '<': 4, '<=': 6 };
const metaSolvable = -1;
const selectionFileList = 4;

/**
 * A pool of libsolv: packages (numbers), texts and dependencies (numbers too). First repositories are added, then
 * {@link prepare} is called, then questions are asked; adding more takes another {@link prepare}. The thread waits for all
 * of it.
 */
export class SolvPool implements Disposable {
  readonly pointer: Pointer;
  readonly #keys = new Map<string, number>();
  #table: Int32Array | undefined;
  #installed: SolvRepository | undefined;

  /** @param architecture whose packages can be installed; undefined: all are alike. Throws PasekaError tool-missing. */
  constructor(architecture?: string) {
    const solv = libsolv();
    this.pointer = solv.pool_create();
    solv.pool_setdisttype(this.pointer, distributionRpm); // Debian's libsolv takes Debian's for granted
    if (architecture !== undefined) solv.pool_setarch(this.pointer, architecture);
  }

  /**
   * Adds a repository that `fill` loads (solv-files.ts); what is preferred has the greater priority. False of `fill`
   * means that it failed. Throws an Error with libsolv's reason.
   */
  add(name: string, priority: number, fill: (repository: Pointer) => boolean): SolvRepository {
    const solv = libsolv();
    const pointer = solv.repo_create(this.pointer, name);
    setPriority(pointer, priority);
    this.#table = undefined;
    if (!fill(pointer)) throw new Error(libsolvReason(this.pointer));
    solv.repo_internalize(pointer);
    return { name, pointer, ...repositoryRange(pointer) };
  }

  /** Takes a repository away; its packages' numbers are given to the next ones where they were the last. */
  remove(repository: SolvRepository): void {
    libsolv().repo_free(repository.pointer, 1);
    this.#table = undefined;
  }

  /** What is installed. */
  setInstalled(repository: SolvRepository | undefined): void {
    libsolv().pool_set_installed(this.pointer, repository?.pointer ?? null);
    this.#installed = repository;
  }

  /** What is installed, in its repository's order. */
  installed(): Iterable<number> {
    return this.#installed === undefined ? [] : this.solvablesOf(this.#installed);
  }

  isInstalled(solvable: number): boolean {
    const { start, end } = this.#installed ?? { start: 0, end: 0 };
    return solvable >= start && solvable < end;
  }

  /** Finds out who provides what, files included that anything depends on. Those files, as texts' numbers. */
  prepare(): number[] {
    const files = this.addFileProvides();
    libsolv().pool_createwhatprovides(this.pointer);
    return files;
  }

  /** Makes files that anything depends on provided by who has them. */
  addFileProvides(): number[] {
    return filled((queue) => libsolv().pool_addfileprovides_queue(this.pointer, queue, null));
  }

  /** Notes in a repository which files {@link addFileProvides} looked for already, so that its reader need not. */
  noteFileProvides(repository: SolvRepository, files: readonly number[]): void {
    const solv = libsolv();
    if (files.length === 0) return;
    using queue = new IdQueue(files);
    const data = solv.repo_add_repodata(repository.pointer, 0);
    solv.repodata_set_idarray(
      data,
      metaSolvable,
      this.makeText('repository:addedfileprovides'),
      queue.memory,
    );
    solv.repodata_internalize(data);
  }

  /** Leaves packages of a repository out that do not pass. */
  filter(repository: SolvRepository, passes: (solvable: number) => boolean): void {
    for (const id of this.solvablesOf(repository)) {
      if (!passes(id)) libsolv().repo_free_solvable(repository.pointer, id, 0);
    }
    this.#table = undefined;
  }

  /** The packages of a repository, in its order. */
  *solvablesOf({ start, end }: SolvRepository): Iterable<number> {
    for (let id = start; id < end; id++) if (this.nameId(id) !== 0) yield id;
  }

  nameId(solvable: number): number {
    return this.#field(solvable, solvableField.name);
  }

  archId(solvable: number): number {
    return this.#field(solvable, solvableField.arch);
  }

  evrId(solvable: number): number {
    return this.#field(solvable, solvableField.evr);
  }

  /** The number of a text that is in the pool; 0 where it isn't. */
  findText(text: string): number {
    return libsolv().pool_str2id(this.pointer, text, 0);
  }

  /** The number of a text, which is put into the pool where it isn't there. */
  makeText(text: string): number {
    return libsolv().pool_str2id(this.pointer, text, 1);
  }

  text(id: number): string {
    return libsolv().pool_id2str(this.pointer, id);
  }

  /** A dependency as it is written: `foo >= 1.0`, `(a or b)`. */
  dependencyText(dependency: number): string {
    return libsolv().pool_dep2str(this.pointer, dependency);
  }

  /** `name-version-release.arch`. */
  describe(solvable: number): string {
    return libsolv().pool_solvable2str(this.pointer, solvablePointer(this.pointer, solvable));
  }

  /** The number of a dependency that is written so; undefined where it is none. */
  parseDependency(text: string): number | undefined {
    const trimmed = text.trim();
    if (trimmed.startsWith('(')) {
      const id = libsolv().pool_parserpmrichdep(this.pointer, trimmed);
      return id === 0 ? undefined : id;
    }
    const [name = '', relation, version, ...rest] = trimmed.split(/\s+/);
    if (name === '' || rest.length > 0) return undefined;
    if (relation === undefined) return this.makeText(name);
    const flags = relations[relation === '==' ? '=' : relation];
    if (flags === undefined || version === undefined) return undefined;
    return libsolv().pool_rel2id(this.pointer, this.makeText(name), this.makeText(version), flags, 1);
  }

  /** Negative, 0 or positive: the order of two versions by their numbers. */
  compareVersions(one: number, other: number): number {
    return libsolv().pool_evrcmp(this.pointer, one, other, compareEvr);
  }

  /** Packages that meet a dependency; 1 is the system itself (`rpmlib(...)`). */
  providers(dependency: number): number[] {
    return this.matching(selectOf.provides, dependency);
  }

  /** What a selection is about, see {@link selectOf}. */
  matching(select: number, what: number): number[] {
    return filled((queue) => libsolv().pool_job2solvables(this.pointer, queue, select, what));
  }

  /** Packages that have a file, whether anything depends on it or not. */
  havingFile(path: string): number[] {
    using selection = new IdQueue();
    libsolv().selection_make(this.pointer, selection.memory, path, selectionFileList);
    return filled((queue) => libsolv().selection_solvables(this.pointer, selection.memory, queue));
  }

  /** Some packages as what a job with {@link selectOf}'s `oneOf` takes; until the next {@link prepare}. */
  oneOf(solvables: readonly number[]): number {
    using queue = new IdQueue(solvables);
    return libsolv().pool_queuetowhatprovides(this.pointer, queue.memory);
  }

  /** Packages of which a dependency of this kind is met by (or against) a package. */
  whoNames(
    key: 'solvable:obsoletes' | 'solvable:conflicts' | 'solvable:requires',
    solvable: number,
  ): number[] {
    return filled((queue) =>
      libsolv().pool_whatmatchessolvable(this.pointer, this.#key(key), solvable, queue, 0),
    );
  }

  /** The dependencies of a kind, markers (which are texts) left out. */
  dependencies(solvable: number, key: SolvKey): number[] {
    const place = solvablePointer(this.pointer, solvable);
    const found = filled((queue) => libsolv().solvable_lookup_deparray(place, this.#key(key), queue, 0));
    const markers = [this.#key('solvable:prereqmarker'), this.#key('solvable:filemarker')];
    return found.filter((id) => !markers.includes(id));
  }

  /**
   * Puts others in the place of dependencies of a kind; where it answers undefined a dependency stays. What provides what is found
   * out by the next {@link prepare}.
   */
  replaceDependencies(
    solvable: number,
    key: SolvKey,
    replacement: (dependency: number) => number | undefined,
  ): void {
    const place = solvablePointer(this.pointer, solvable);
    const all = filled((queue) => libsolv().solvable_lookup_deparray(place, this.#key(key), queue, 0));
    const replaced = all.map((one) => replacement(one) ?? one);
    if (replaced.every((one, index) => one === all[index])) return;
    using queue = new IdQueue(replaced);
    libsolv().solvable_set_deparray(place, this.#key(key), queue.memory, 0);
  }

  lookupText(solvable: number, key: SolvKey): string | undefined {
    return libsolv().pool_lookup_str(this.pointer, solvable, this.#key(key)) ?? undefined;
  }

  lookupId(solvable: number, key: SolvKey): number {
    return libsolv().pool_lookup_id(this.pointer, solvable, this.#key(key));
  }

  lookupNumber(solvable: number, key: SolvKey): number {
    return Number(libsolv().pool_lookup_num(this.pointer, solvable, this.#key(key), 0));
  }

  /** In hexadecimal, whatever its kind; undefined where there is none. */
  lookupChecksum(solvable: number): string | undefined {
    return (
      libsolv().pool_lookup_checksum(this.pointer, solvable, this.#key('solvable:checksum'), [0]) ?? undefined
    );
  }

  /** The path of its file, relative to its repository. */
  location(solvable: number): string | undefined {
    return libsolv().solvable_lookup_location(solvablePointer(this.pointer, solvable), [0]) ?? undefined;
  }

  [Symbol.dispose](): void {
    this.#table = undefined;
    libsolv().pool_free(this.pointer);
  }

  /** The number of a text of libsolv's own. */
  #key(text: string): number {
    const known = this.#keys.get(text) ?? this.makeText(text);
    this.#keys.set(text, known);
    return known;
  }

  #field(solvable: number, field: number): number {
    this.#table ??= solvableTable(this.pointer);
    return this.#table[solvable * solvableInts + field] ?? 0;
  }
}
