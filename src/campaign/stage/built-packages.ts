// SPDX-License-Identifier: GPL-2.0-or-later
import type { LocalPackage } from '../../distro/package.ts';

/**
 * What the levels of a staged rebuild build with: the user's own packages, and what earlier levels gave, which takes the
 * place of the user's of the same name. A level sees nothing of what it gives itself, so that all of it build alike.
 */
export class BuiltPackages {
  readonly #given: readonly LocalPackage[];
  readonly #built: { readonly level: number; readonly packages: readonly LocalPackage[] }[] = [];
  /** Of each level, once asked for: those before it are over by then. */
  readonly #known = new Map<number, readonly LocalPackage[]>();

  constructor(given: readonly LocalPackage[]) {
    this.#given = given;
  }

  /** Keeps what a build of a level gave. */
  add(level: number, packages: readonly LocalPackage[]): void {
    this.#built.push({ level, packages });
  }

  /** What a level builds with, one of each name; to be asked for when all levels before it are over. */
  before(level: number): readonly LocalPackage[] {
    const known = this.#known.get(level);
    if (known !== undefined) return known;
    const newest = new Map(this.#given.map((one) => [one.name, one]));
    const earlier = this.#built.filter((one) => one.level < level);
    for (const { packages } of earlier.sort((a, b) => a.level - b.level)) {
      for (const one of packages) newest.set(one.name, one);
    }
    const all = [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.#known.set(level, all);
    return all;
  }
}
