// SPDX-License-Identifier: GPL-2.0-or-later
import type { ArchiveCheck } from '../../archive-check.ts';
import type { DebCatalog } from '../catalog/deb-catalog.ts';
import { isBuiltFor } from '../catalog/restrictions.ts';
import { type BuildScope, buildRequestOfRow } from '../resolve/build-request.ts';
import { explainMissing, withoutRequestLine } from '../resolve/explain-missing.ts';
import type { Universe } from '../resolve/universe.ts';
import { compareVersions } from '../version.ts';
import { archiveUniverse } from './archive-universe.ts';
import { findHopelessRows } from './hopeless-rows.ts';
import { whyNotInstallable } from './installability-problem.ts';
import { InstallableWorld } from './installable-world.ts';

const mostWorlds = 6;

/**
 * Checks every source's build dependencies and every package of a catalog: whether some set of its packages, together
 * with all essential ones, has what is needed and no conflict. Complete in both directions: what can't be shown by
 * adding it to a consistent world is decided by a SAT search. All versions in the catalog count, whatever their
 * priority; sources that build nothing for the architecture are left out, and one that stands in several lists counts once. (dose-debcheck and dose-builddebcheck agree.)
 */
export function checkArchive(catalog: DebCatalog, architecture: string, scope: BuildScope): ArchiveCheck {
  return checkUniverse(archiveUniverse(catalog, architecture), scope);
}

/** As {@link checkArchive}, for an archive with packages over it. */
export function checkUniverse(universe: Universe, scope: BuildScope): ArchiveCheck {
  const checker = new ArchiveChecker(universe, scope);
  return { uninstallable: checker.uninstallable(), unsatisfiable: checker.unsatisfiable() };
}

class ArchiveChecker {
  readonly #universe: Universe;
  readonly #scope: BuildScope;
  readonly #hopeless: Uint8Array;
  readonly #essential: readonly number[];

  constructor(universe: Universe, scope: BuildScope) {
    this.#universe = universe;
    this.#scope = scope;
    this.#hopeless = findHopelessRows(universe);
    const names = new Set<number>();
    for (let row = 0; row < universe.root; row++) {
      if (universe.isUsable(row) && universe.hasFlag(row, 'essential'))
        names.add(universe.nameOfRow[row] ?? 0);
    }
    this.#essential = [...names];
  }

  uninstallable(): ArchiveCheck['uninstallable'][number][] {
    const universe = this.#universe;
    let rows: number[] = [];
    for (let row = 0; row < universe.root; row++) if (universe.isUsable(row)) rows.push(row);
    rows = this.#leftOver(rows, (world, row) => world.add(row));
    const found: ArchiveCheck['uninstallable'][number][] = [];
    for (const row of rows) {
      const why = this.#whyNot(row, true);
      if (why === undefined) continue;
      const { name, version, architecture: its } = universe.describe(row);
      found.push({ package: name, version, architecture: its, why });
    }
    return found.sort((a, b) => compareNames(a.package, b.package) || compareVersions(a.version, b.version));
  }

  unsatisfiable(): ArchiveCheck['unsatisfiable'][number][] {
    const { catalog } = this.#universe;
    const { sourceName, sourceVersion } = catalog.columns;
    const seen = new Set<string>();
    let rows: number[] = [];
    for (let row = 0; row < sourceName.length; row++) {
      const key = `${sourceName[row]} ${sourceVersion[row]}`;
      if (seen.has(key) || !this.#isBuiltHere(row)) continue;
      seen.add(key);
      rows.push(row);
    }
    rows = this.#leftOver(rows, (world, row) => {
      this.#ask(row);
      return world.addRequest();
    });
    const found: ArchiveCheck['unsatisfiable'][number][] = [];
    for (const row of rows) {
      this.#ask(row);
      const why = this.#whyNot(this.#universe.root, false);
      if (why === undefined) continue;
      const source = catalog.nameText(sourceName[row] ?? 0);
      found.push({ source, version: catalog.strings.at(sourceVersion[row] ?? 0), why });
    }
    return found.sort((a, b) => compareNames(a.source, b.source) || compareVersions(a.version, b.version));
  }

  #isBuiltHere(source: number): boolean {
    const { catalog, architecture } = this.#universe;
    const field = catalog.strings.at(catalog.columns.sourceArchitecture[source] ?? 0);
    return isBuiltFor(field, architecture);
  }

  #ask(source: number): void {
    const items = buildRequestOfRow(this.#universe, source, this.#scope);
    this.#universe.setRoot(items.dependencies, items.conflicts);
  }

  /** What no world could take: worlds share their packages as long as that helps, then each gets one of its own. */
  #leftOver(all: readonly number[], add: (world: InstallableWorld, row: number) => boolean): number[] {
    let rows = [...all];
    for (let count = 0; count < mostWorlds && rows.length > 0; count++) {
      const world = this.#world();
      const left = rows.filter((row) => !add(world, row));
      const isUseful = rows.length - left.length > left.length / 4;
      rows = left;
      if (!isUseful) break;
    }
    const world = this.#world();
    const { size } = world;
    return rows.filter((row) => {
      const added = add(world, row);
      world.undoTo(size);
      return !added;
    });
  }

  #world(): InstallableWorld {
    const world = new InstallableWorld(this.#universe, this.#hopeless);
    for (const name of this.#essential) {
      for (const row of this.#universe.rowsOfName(name)) if (world.add(row)) break;
    }
    return world;
  }

  #whyNot(row: number, isPackage: boolean): string | undefined {
    const universe = this.#universe;
    if (isPackage) {
      const { name, version } = universe.describe(row);
      const atom = { name, version, relation: '=', qualifier: '', architectures: '', profiles: '' } as const;
      universe.setRoot([universe.atomNumber(atom) * 2], []);
    }
    const missing = explainMissing(universe, () => true);
    if (missing !== undefined) return isPackage ? withoutRequestLine(missing) : missing;
    return whyNotInstallable(universe, row, this.#essential);
  }
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
