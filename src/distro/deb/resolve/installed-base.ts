// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../../base/paseka-error.ts';
import { Deb822Error, type Paragraph, parseDeb822 } from '../deb822.ts';

/** What is installed in a base: all that resolving over it has to know of it. */
export interface InstalledBase {
  /** Control data of every installed package (dpkg's status: `install ok installed`), in the file's order. */
  readonly packages: readonly Paragraph[];
  /** Control data of packages that dpkg has half-way: with one of these only apt itself can decide. */
  readonly unfinished: readonly string[];
  readonly architecture: string;
}

/**
 * Reads `var/lib/dpkg/status` of a base whose native architecture is `architecture`. Throws PasekaError base-failed
 * for a file that isn't one.
 */
export function parseInstalledBase(status: string, architecture: string): InstalledBase {
  const packages: Paragraph[] = [];
  const unfinished: string[] = [];
  for (const paragraph of parse(status)) {
    const [want, , state] = (paragraph.get('status') ?? '').split(/\s+/);
    const name = paragraph.get('package') ?? '';
    if (state === 'installed' && want === 'install') packages.push(paragraph);
    else if (state !== 'not-installed' && state !== 'config-files') unfinished.push(name);
  }
  return { packages, unfinished, architecture };
}

function parse(status: string): Paragraph[] {
  try {
    return parseDeb822(status);
  } catch (error) {
    if (!(error instanceof Deb822Error)) throw error;
    const message = `the base's dpkg status is damaged (line ${error.line}: ${error.message})`;
    throw new PasekaError('base-failed', message, 'make the base anew: `paseka gc --bases`', error);
  }
}
