// SPDX-License-Identifier: GPL-2.0-or-later
/** A base that is installed, for bench/resolve-against-dnf.ts, and questions over it. */
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listBasePackages } from '../src/distro/rpm/base-packages.ts';
import { readFrozenDirectory } from '../src/distro/rpm/frozen-directory.ts';
import { installedSolv, writeInstalled } from '../src/distro/rpm/installed-packages.ts';
import { makeBase } from '../src/distro/rpm/make-base.ts';
import type { RpmResolver } from '../src/distro/rpm/rpm-resolver.ts';
import type { PackageFile } from '../src/distro/source-input.ts';
import type { MadePackage } from '../tests/support/rpm/made-metadata.ts';
import { seededRandom } from '../tests/support/seeded-random.ts';

export interface InstalledBase {
  /** For the resolver: what is installed, as a repository of libsolv. */
  readonly installed: string;
  /** For dnf: a root that has the base's database of packages and nothing else. */
  readonly database: string;
  readonly packages: readonly PackageFile[];
}

/** Makes a build base of what is frozen, whose packages are files of this machine, in a directory that is made. */
export async function makeInstalledBase(frozenDirectory: string, place: string): Promise<InstalledBase> {
  const frozen = await readFrozenDirectory(frozenDirectory);
  const { architecture } = frozen;
  const [directory, database, scratchDirectory] = ['root', 'database', 'scratch'].map((name) =>
    join(place, name),
  );
  await mkdir(join(place, 'scratch'), { recursive: true });
  const packages = await listBasePackages({ frozenDirectory, architecture, variant: 'build' });
  await makeBase({
    ...{ frozenDirectory, architecture, variant: 'build', packages },
    ...{ directory: directory ?? '', scratchDirectory: scratchDirectory ?? '' },
    pathOf: ({ url }) => fileURLToPath(url),
    onOutput: () => undefined,
  });
  const kept = 'var/lib/rpm';
  await cp(join(directory ?? '', kept), join(database ?? '', kept), { recursive: true });
  const installed = join(place, installedSolv);
  writeInstalled(frozenDirectory, frozen, packages, installed);
  return { installed, database: database ?? '', packages };
}

/**
 * Packages of which some are newer versions of those of a distribution, and others need, exclude or replace these in some
 * version: names and versions are the distribution's.
 */
export function packagesBeside(
  known: readonly Pick<PackageFile, 'name' | 'version' | 'architecture'>[],
  count: number,
): MadePackage[] {
  const random = seededRandom(2);
  const made: MadePackage[] = [];
  const some = (): string => {
    const own = made[random.below(made.length)];
    if (own !== undefined && random.below(3) === 0) return own.name;
    const { name = '', version = '' } = known[random.below(known.length)] ?? {};
    const upstream = version.replace(/-[^-]*$/, '');
    return random.pick([
      name,
      `${name} >= ${upstream}`,
      `${name} > ${upstream}`,
      `${name} < 99:1`,
      `${name} >= 99:1`,
    ]);
  };
  const several = (oneOf: number, most: number): string[] =>
    random.below(oneOf) === 0 ? Array.from({ length: 1 + random.below(most) }, some) : [];
  for (let index = 0; index < count; index++) {
    const { name = '', architecture = '' } = known[random.below(known.length)] ?? {};
    const isNewer = random.below(3) === 0;
    if (isNewer && made.some((one) => one.name === name)) continue;
    made.push({
      name: isNewer ? name : `beside-${index}`,
      ...(isNewer ? { evr: '99:1-1', arch: architecture } : {}),
      requires: several(2, 3),
      conflicts: several(12, 1),
      obsoletes: isNewer ? [] : several(20, 1).map((one) => one.split(' ')[0] ?? ''),
    });
  }
  return made;
}

/** Sets of one to five dependencies each: names, versions, files and what packages provide, some of them rich. */
export function randomRequires(resolver: RpmResolver, count: number): string[][] {
  const random = seededRandom(1);
  const { repositories } = resolver;
  const ids = [...repositories.packages()];
  const some = (): string => {
    const id = ids[random.below(ids.length)] ?? 0;
    const name = repositories.name(id);
    const provides = repositories.pool
      .dependencies(id, 'solvable:provides')
      .map((one) => repositories.pool.dependencyText(one));
    switch (random.below(5)) {
      case 0:
        return name;
      case 1:
        return `${name} >= ${repositories.version(id).replace(/-[^-]*$/, '')}`;
      case 2:
        return `${name} < ${repositories.version(id)}`;
      default:
        return provides[random.below(provides.length)] ?? name;
    }
  };
  const rich = (): string => {
    const word = random.pick(['or', 'if', 'with', 'and']);
    return random.below(6) === 0 ? `(${some()} ${word} ${some()})` : some();
  };
  return Array.from({ length: count }, () => Array.from({ length: 1 + random.below(5) }, rich));
}
