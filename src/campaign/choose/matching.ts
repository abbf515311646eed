// SPDX-License-Identifier: GPL-2.0-or-later
import { matchesGlob } from 'node:path';

/** Whether a glob (`*`, `?`, `[...]`, `{a,b}`) stands for a name. */
export function matchesName(glob: string, name: string): boolean {
  return matchesGlob(name, glob);
}

/** A section without its area where the wanted one names none: `perl` stands for `contrib/perl` too. */
export function matchesSection(wanted: string, section: string): boolean {
  const slash = section.lastIndexOf('/');
  const compared = wanted.includes('/') ? section : section.slice(slash + 1);
  return compared === wanted || (isGlob(wanted) && matchesGlob(compared, wanted));
}

/** A part of it in any case; a glob stands for all of it. */
export function matchesMaintainer(wanted: string, maintainer: string): boolean {
  const plain = (text: string): string => text.toLowerCase().replaceAll('/', ' ');
  if (!isGlob(wanted)) return plain(maintainer).includes(plain(wanted));
  return matchesGlob(plain(maintainer), plain(wanted));
}

function isGlob(text: string): boolean {
  return /[*?[{]/.test(text);
}
