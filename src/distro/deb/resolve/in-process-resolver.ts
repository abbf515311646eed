// SPDX-License-Identifier: GPL-2.0-or-later

import type { LocalPackage, Resolution, ResolvedPackage, WantedPackages } from '../../distribution.ts';
import type { DebCatalog } from '../catalog/deb-catalog.ts';
import type { Paragraph } from '../deb822.ts';
import { parseInstalledBase } from './installed-base.ts';
import { Resolver, type ResolverAnswer } from './resolver.ts';
import { Universe } from './universe.ts';

/** A local package with its control data, read from the file by the caller. */
export interface LocalCandidate {
  readonly package: LocalPackage;
  readonly control: Paragraph;
}

/** A {@link Resolution}, or that apt must be asked and why. */
export type InProcessResolution = Resolution | { readonly kind: 'undecided'; readonly reason: string };

/**
 * The resolver of one base in the words of distribution.ts: made once per base (some 100 ms), then asked for each
 * source. Local packages take part like the repository's and are preferred to them.
 */
export class InProcessResolver {
  readonly resolver: Resolver;
  readonly #local: readonly LocalCandidate[];

  /** @param status text of the base's dpkg status. Throws PasekaError base-failed where it is damaged. */
  constructor(
    catalog: DebCatalog,
    status: string,
    architecture: string,
    local: readonly LocalCandidate[] = [],
    aptVersion?: string,
  ) {
    const base = parseInstalledBase(status, architecture);
    const controls = local.map(({ control }) => control);
    this.resolver = new Resolver(new Universe(catalog, base, controls), aptVersion);
    this.#local = local;
  }

  /** Build dependencies of the catalog's newest source of a name, or of a version. */
  resolveSource(name: string, version: string | undefined, profiles: readonly string[]): InProcessResolution {
    const row = this.resolver.universe.catalog.findSourceRow(name, version);
    if (row < 0) return { kind: 'unknown-package', name };
    return this.#resolution(this.resolver.resolveSourceRow(row, { profiles, indep: true }));
  }

  /** Build dependencies in the source paragraph of a .dsc or debian/control. Throws RelationSyntaxError. */
  resolveControl(source: Paragraph, profiles: readonly string[]): InProcessResolution {
    return this.#resolution(this.resolver.resolveSourceParagraph(source, { profiles, indep: true }));
  }

  /** What installing packages needs; `wanted.local` must be among the constructor's local packages. */
  resolvePackages(wanted: Pick<WantedPackages, 'names' | 'local'>): InProcessResolution {
    const local = wanted.local.map(({ sha256 }) => ({
      local: this.#local.findIndex((candidate) => candidate.package.sha256 === sha256),
    }));
    return this.#resolution(this.resolver.resolvePackages([...wanted.names, ...local]));
  }

  #resolution(answer: ResolverAnswer): InProcessResolution {
    if (answer.kind !== 'resolved') return answer;
    const { universe } = this.resolver;
    const packages = answer.rows.map((row): ResolvedPackage => {
      const local = this.#local[universe.localIndex(row)];
      if (local !== undefined) return { from: 'local', ...local.package };
      return { from: 'repository', ...universe.catalog.packageFile(row) };
    });
    return { kind: 'resolved', packages, removed: [] };
  }
}
