// SPDX-License-Identifier: GPL-2.0-or-later
import type { Archive } from '../../archive-check.ts';
import type { LocalPackage, ResolvedPackage } from '../../distribution.ts';
import { packageFields } from '../catalog/catalog-tables.ts';
import type { Universe } from '../resolve/universe.ts';
import { satisfies } from '../version.ts';
import { findHopelessRows } from './hopeless-rows.ts';
import { InstallableWorld } from './installable-world.ts';

const replaces = packageFields.indexOf('replaces');

/** A universe in which nothing is installed, in the words of distribution.ts. */
export class DebArchive implements Archive {
  readonly #universe: Universe;
  readonly #overlay: readonly LocalPackage[];
  #hopeless: Uint8Array | undefined;

  /** @param overlay the packages that lie over it, in the order in which the universe has them. */
  constructor(universe: Universe, overlay: readonly LocalPackage[]) {
    this.#universe = universe;
    this.#overlay = overlay;
  }

  *packages(): Iterable<ResolvedPackage> {
    for (let row = 0; row < this.#universe.root; row++) {
      if (this.#universe.isUsable(row)) yield this.#packageOf(row);
    }
  }

  find(name: string): ResolvedPackage | undefined {
    const number = this.#universe.findName(name);
    const rows = number < 0 ? [] : this.#universe.rowsOfName(number);
    const row = rows.find((one) => this.#universe.isUsable(one));
    return row === undefined ? undefined : this.#packageOf(row);
  }

  installSetOf(one: ResolvedPackage): readonly ResolvedPackage[] | undefined {
    const row = this.#rowOf(one);
    if (row < 0) return undefined;
    this.#hopeless ??= findHopelessRows(this.#universe);
    const world = new InstallableWorld(this.#universe, this.#hopeless);
    return world.add(row) ? world.rows.map((chosen) => this.#packageOf(chosen)) : undefined;
  }

  dependentsOf(one: ResolvedPackage): readonly ResolvedPackage[] {
    const universe = this.#universe;
    const wanted = this.#rowOf(one);
    const found: ResolvedPackage[] = [];
    for (let row = 0; row < universe.root; row++) {
      if (row === wanted || !universe.isUsable(row)) continue;
      if (this.#names(row, universe.needsStart(row), universe.conflictsStart(row), wanted)) {
        found.push(this.#packageOf(row));
      }
    }
    return found;
  }

  mayShareFiles(one: ResolvedPackage, other: ResolvedPackage): boolean {
    const [a, b] = [this.#rowOf(one), this.#rowOf(other)];
    if (a < 0 || b < 0) return true;
    const universe = this.#universe;
    if (universe.nameOfRow[a] === universe.nameOfRow[b]) return true;
    const excludes = (row: number, target: number): boolean =>
      this.#names(row, universe.conflictsStart(row), universe.conflictsEnd(row), target);
    return excludes(a, b) || excludes(b, a) || this.#replaces(a, b) || this.#replaces(b, a);
  }

  /** Whether one of the relations from `start` to `end` is satisfied by a row. */
  #names(row: number, start: number, end: number, target: number): boolean {
    if (row === target) return false;
    for (let index = start; index < end; index++) {
      if (this.#universe.targets((this.#universe.relations[index] ?? 0) >> 1).includes(target)) return true;
    }
    return false;
  }

  /** Whether it takes over another's files: by the name of the package alone, what that provides doesn't count. */
  #replaces(row: number, target: number): boolean {
    const universe = this.#universe;
    const { name, version } = universe.describe(target);
    const end = universe.fieldStart(row, replaces + 1);
    for (let index = universe.fieldStart(row, replaces); index < end; index++) {
      const atom = universe.atom((universe.relations[index] ?? 0) >> 1);
      if (atom.name !== name) continue;
      if (atom.relation === '' || satisfies(version, atom.relation, atom.version)) return true;
    }
    return false;
  }

  #packageOf(row: number): ResolvedPackage {
    const local = this.#overlay[this.#universe.localIndex(row)];
    if (local !== undefined) return { from: 'local', ...local };
    return { from: 'repository', ...this.#universe.catalog.packageFile(row) };
  }

  #rowOf(one: ResolvedPackage): number {
    const universe = this.#universe;
    if (one.from === 'local') {
      const index = this.#overlay.findIndex(({ sha256 }) => sha256 === one.sha256);
      return index < 0 ? -1 : universe.rowOfLocal(index);
    }
    const name = universe.findName(one.name);
    const rows = name < 0 ? [] : universe.rowsOfName(name);
    const found = rows.find(
      (row) =>
        universe.versionText(row) === one.version && universe.architectureText(row) === one.architecture,
    );
    return found ?? -1;
  }
}
