// SPDX-License-Identifier: GPL-2.0-or-later
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DebCatalog } from '../../src/distro/deb/catalog/deb-catalog.ts';
import { debian } from '../../src/distro/deb/debian.ts';
import { possibleDependencies, probablyAtOnce } from '../../src/distro/deb/foresee-sets.ts';
import { readFrozenDirectory } from '../../src/distro/deb/frozen-directory.ts';
import { parseInstalledBase } from '../../src/distro/deb/resolve/installed-base.ts';
import { Resolver } from '../../src/distro/deb/resolve/resolver.ts';
import { Universe } from '../../src/distro/deb/resolve/universe.ts';
import type { PackageFacts } from '../../src/layers/plan/cost-model.ts';

/** What a campaign over all sources of an archive would install, for the planner. */
export interface ArchiveInstallSets {
  readonly packages: readonly PackageFacts[];
  readonly tasks: readonly { readonly id: string; readonly packages: readonly number[] }[];
}

/** Linking and configuring a package without anything special: what ADR 7 assumes. */
const packageMs = 12;
const msPerMebibyte = 0.5;

/** Resolves every source over a base whose dpkg status this is; those that can't be resolved are left out. */
export function archiveInstallSets(
  catalog: DebCatalog,
  status: string,
  architecture: string,
): ArchiveInstallSets {
  const universe = new Universe(catalog, parseInstalledBase(status, architecture));
  const resolver = new Resolver(universe);
  const places = new Map<number, number>();
  const tasks: { id: string; packages: number[] }[] = [];
  for (const id of catalog.sourceNames()) {
    const row = catalog.findSourceRow(id);
    if (catalog.isExtraSourceOnly(row)) continue;
    const answer = resolver.resolveSourceRow(row, { profiles: [], indep: true });
    if (answer.kind !== 'resolved') continue;
    const packages = answer.rows.map((chosen) => {
      const place = places.get(chosen) ?? places.size;
      places.set(chosen, place);
      return place;
    });
    tasks.push({ id, packages });
  }
  const packages = [...places.keys()].map((row): PackageFacts => {
    const installedBytes = (catalog.columns.packageInstalledKiB[row] ?? 0) * 1024;
    const atOnce = probablyAtOnce(universe, row);
    return {
      installedBytes,
      ...(atOnce === undefined ? {} : { atOnce }),
      costMs: packageMs + (installedBytes / (1024 * 1024)) * msPerMebibyte,
      dependencies: possibleDependencies(universe, row, places),
    };
  });
  return { packages, tasks };
}

/** The dpkg status of a build base of a frozen archive, from its lists alone: no base is made. */
export async function statusOfBuildBase(frozenDirectory: string): Promise<string> {
  const { architecture, indices } = await readFrozenDirectory(frozenDirectory);
  const files = await debian.listBasePackages({ frozenDirectory, architecture, variant: 'build' });
  const wanted = new Set(files.map(({ name, version }) => `${name} ${version}`));
  const status: string[] = [];
  for (const { kind, path } of indices) {
    if (kind !== 'packages') continue;
    for (const paragraph of (await readFile(join(frozenDirectory, path), 'utf8')).split('\n\n')) {
      const name = /^Package: (.*)$/m.exec(paragraph)?.[1];
      const version = /^Version: (.*)$/m.exec(paragraph)?.[1];
      if (wanted.has(`${name} ${version}`)) status.push(`${paragraph}\nStatus: install ok installed\n`);
    }
  }
  return status.join('\n');
}
