// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../../base/digest.ts';
import { isPasekaError } from '../../base/paseka-error.ts';
import type { UnpackedFiles } from '../../distro/archive-check.ts';
import type { Distribution, ResolvedPackage } from '../../distro/distribution.ts';
import type { UnpackedStore } from '../../layers/unpacked-store.ts';
import type { Pool } from '../../store/pool.ts';

export interface PackageFilesOptions {
  readonly distribution: Pick<Distribution, 'readUnpackedFiles' | 'isForEveryMachine'>;
  readonly pool: Pool;
  readonly unpacked: UnpackedStore;
  readonly signal: AbortSignal;
}

/**
 * The files of packages, as far as they are at hand: those of the user's own, and those of the archive whose files are in the
 * pool or may be fetched. Which ones were wanted and could not be looked at is kept.
 */
export class PackageFiles {
  readonly #options: PackageFilesOptions;
  readonly #opened = new Map<Sha256, Promise<UnpackedFiles | undefined>>();
  /** It was tried several times already: the next package would wait as long. */
  #isMirrorAway = false;
  readonly #absent = new Map<Sha256, ResolvedPackage>();

  constructor(options: PackageFilesOptions) {
    this.#options = options;
  }

  /** Whether there can be anything for a linker in a package. */
  mayHaveElf({ architecture }: ResolvedPackage): boolean {
    return !this.#options.distribution.isForEveryMachine(architecture);
  }

  /** Undefined where it is not at hand, and `mayFetch` is false or the mirror does not give it. */
  async open(one: ResolvedPackage, mayFetch: boolean): Promise<UnpackedFiles | undefined> {
    const known = this.#opened.get(one.sha256) ?? this.#open(one, mayFetch);
    this.#opened.set(one.sha256, known);
    const files = await known;
    if (files === undefined) {
      this.#absent.set(one.sha256, one);
      if (!mayFetch) this.#opened.delete(one.sha256);
    } else {
      this.#absent.delete(one.sha256);
    }
    return files;
  }

  /** Those of the packages that are unpacked already: what can be looked at for nothing. */
  async unpackedOf(packages: Iterable<ResolvedPackage>): Promise<ResolvedPackage[]> {
    const there = new Set(await this.#options.unpacked.list());
    return [...packages].filter(({ sha256 }) => there.has(sha256));
  }

  /** What was wanted and not found, by name. */
  notLookedAt(): ResolvedPackage[] {
    return [...this.#absent.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async #open(one: ResolvedPackage, mayFetch: boolean): Promise<UnpackedFiles | undefined> {
    const { distribution, unpacked, signal } = this.#options;
    const archive = await this.#archiveOf(one, mayFetch);
    if (archive === undefined) return undefined;
    const [directory = ''] = await unpacked.ensure([{ ...one, archive }], 'usual', signal);
    return distribution.readUnpackedFiles(directory);
  }

  async #archiveOf(one: ResolvedPackage, mayFetch: boolean): Promise<string | undefined> {
    if (one.from === 'local') return one.path;
    const { pool, signal } = this.#options;
    if (await pool.has(one.sha256, one.bytes)) return pool.pathOf(one.sha256);
    if (!mayFetch || this.#isMirrorAway) return undefined;
    try {
      const end = await pool.fetch(one, signal);
      return end.kind === 'present' ? end.path : undefined;
    } catch (error) {
      const isAway = isPasekaError(error, 'mirror-unreachable');
      if (!isAway && !isPasekaError(error, 'mirror-inconsistent')) throw error;
      this.#isMirrorAway ||= isAway;
      return undefined;
    }
  }
}
