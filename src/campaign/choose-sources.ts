// SPDX-License-Identifier: GPL-2.0-or-later

import { resolve } from 'node:path';
import { didYouMean, nearestNames } from '../base/nearest-names.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { Catalog } from '../distro/catalog.ts';
import type { Distribution } from '../distro/distribution.ts';
import type { SourceInput } from '../distro/source-input.ts';
import { isDirectory, pathExists } from '../host/files.ts';

/**
 * What each word of the user's means: a path (with a slash, or of a file that is there and looks like a source
 * package) is a source of the user's own, anything else `name` or `name=version` in the snapshot. The same source
 * twice counts once. Throws PasekaError unknown-source with the nearest names, bad-source-package.
 */
export async function chooseSources(
  words: readonly string[],
  catalog: Catalog,
  distribution: Distribution,
): Promise<SourceInput[]> {
  const chosen = new Map<string, SourceInput>();
  for (const word of words) {
    const source = (await isLocal(word, distribution))
      ? await distribution.openLocalSource(resolve(word))
      : findInCatalog(word, catalog);
    chosen.set(`${source.name} ${source.version}`, source);
  }
  return [...chosen.values()];
}

/** Parses a list of sources: one word a line, blank lines and `#` comments skipped. Throws bad-package-list. */
export function parseSourceList(text: string, fileName: string): string[] {
  const words: string[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/#.*/, '').trim();
    if (line === '') continue;
    if (!/^[^\s\p{Cc}]+$/u.test(line) || line.length > 4096) {
      throw new PasekaError(
        'bad-package-list',
        `${fileName}, line ${index + 1}: not the name of a source: ${JSON.stringify(line.slice(0, 60))}`,
        'write one source on each line: NAME, NAME=VERSION, or a path',
      );
    }
    words.push(line);
  }
  return words;
}

async function isLocal(word: string, distribution: Pick<Distribution, 'isSourceFile'>): Promise<boolean> {
  if (word.includes('/') || distribution.isSourceFile(word)) return true;
  return word.startsWith('.') && ((await isDirectory(word)) || (await pathExists(word)));
}

function findInCatalog(word: string, catalog: Catalog): SourceInput {
  const equals = word.indexOf('=');
  const name = equals < 0 ? word : word.slice(0, equals);
  const version = equals < 0 ? undefined : word.slice(equals + 1);
  const found = catalog.findSource(name, version);
  if (found !== undefined) return found;
  const newest = version === undefined ? undefined : catalog.findSource(name);
  if (newest !== undefined) {
    throw new PasekaError(
      'unknown-source',
      `the snapshot has no version ${version} of ${name}`,
      `it has ${newest.version}`,
    );
  }
  throw new PasekaError(
    'unknown-source',
    `the snapshot has no source ${name}`,
    didYouMean(
      nearestNames(name, catalog.sourceNames()),
      'give the name of a source package, not of a binary one',
    ),
  );
}
