// SPDX-License-Identifier: GPL-2.0-or-later
import { seededRandom } from '../seeded-random.ts';
import type { MadePackage } from './made-metadata.ts';

/**
 * Packages that depend on each other as those of a distribution do, and half as many sources: most on a few that much is
 * built on, each on some before it, by name, by what they provide, by files, and by rich dependencies. Some have epochs, older
 * versions, twins of another architecture, weak dependencies, and obsolete others. The same for the same seed.
 */
export function makeLargeRepository(count: number, seed: number): MadePackage[] {
  const random = seededRandom(seed);
  const named = (index: number): string => `made-${index}`;
  // the earlier, the more is built on it
  const earlier = (before: number): number => Math.floor(before * random.next() ** 3);
  const dependencyOn = (before: number): string => {
    const one = earlier(before);
    switch (random.below(15)) {
      case 0:
        return `/usr/bin/${named(one)}`;
      case 1:
        return `lib${one}.so.1()(64bit)`;
      case 2:
        return `pkgconfig(${named(one)}) >= 1`;
      case 3:
        return `(${named(one)} or ${named(earlier(before))})`;
      case 4:
        return `${named(one)} >= 1`;
      case 5:
        return `virtual(${one % 50})`;
      case 6:
        return `/usr/share/${named(one)}/data`;
      case 7:
        return `(${named(one)} if ${named(earlier(before))})`;
      case 8:
        return `(pkgconfig(${named(one)}) with lib${one}.so.1()(64bit))`;
      case 9:
        return `${named(one)} ${one % 9 === 0 ? '>= 1:0.5' : '> 0'}`;
      default:
        return named(one);
    }
  };
  const dependencies = (before: number, most: number): string[] => {
    if (before === 0) return [];
    return [...new Set(Array.from({ length: random.below(most + 1) }, () => dependencyOn(before)))];
  };
  const packages: MadePackage[] = [];
  for (let index = 0; index < count; index++) {
    const one: MadePackage = {
      name: named(index),
      evr: index % 9 === 0 ? '1:1-1' : '1-1',
      arch: random.below(3) === 0 ? 'noarch' : 'x86_64',
      requires: dependencies(index, 5),
      provides: [
        `lib${index}.so.1()(64bit)`,
        `pkgconfig(${named(index)}) = 1`,
        ...(random.below(20) === 0 ? [`virtual(${index % 50})`] : []),
      ],
      conflicts: random.below(200) === 0 ? [`${named(earlier(index))} < 1`] : [],
      obsoletes: [
        ...(random.below(200) === 0 ? [`gone-${index} < 5`] : []),
        ...(random.below(400) === 0 && index > 0 ? [`${named(earlier(index))} < 0.7`] : []),
      ],
      recommends: random.below(4) === 0 && index > 0 ? [named(earlier(index))] : [],
      suggests: random.below(8) === 0 && index > 0 ? [named(earlier(index))] : [],
      supplements: random.below(20) === 0 && index > 0 ? [named(earlier(index))] : [],
      files: [
        `/usr/bin/${named(index)}`,
        `/usr/share/${named(index)}/data`,
        ...Array.from({ length: random.below(12) }, (_, file) => `/usr/share/doc/${named(index)}/${file}`),
      ],
    };
    packages.push(one);
    // newer ones than these are there, but an epoch makes some of them the newest
    if (random.below(12) === 0) packages.push({ ...one, evr: random.below(4) === 0 ? '1:0.6-1' : '0.6-1' });
    if (one.arch === 'x86_64' && random.below(15) === 0) packages.push({ ...one, arch: 'i686' });
  }
  for (let index = 0; index < count / 2; index++) {
    packages.push({ name: `source-${index}`, arch: 'src', requires: dependencies(count, 8) });
  }
  return packages;
}
