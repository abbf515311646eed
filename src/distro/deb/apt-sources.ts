// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import type { Repository } from '../repository.ts';
import { mergeEntries, type RepositoryEntry, SourceListError } from './apt-sources-entry.ts';
import { parseOneLineEntries } from './apt-sources-one-line.ts';
import { parseStanzas } from './apt-sources-stanzas.ts';

/**
 * Parses what sources.list(5) describes, in either format (told apart by the suffix of the name, `.list` or `.sources`,
 * as apt does, else by the first line that is neither blank nor a comment), in the order of the file. A `deb-src` line
 * that repeats a `deb` line disappears, because a freeze takes both from every repository; one without such a `deb`
 * line becomes a `sourcesOnly` repository. Disabled entries are
 * left out; options without a meaning for a freeze (`lang`, `target`, `pdiffs`, `by-hash`, `arch+=`, ...) are ignored,
 * and so is `allow-insecure`: only `trusted` takes an unsigned repository.
 *
 * `name` is the file's, for messages. Throws PasekaError bad-source-list with the line.
 */
export function parseAptSources(text: string, name: string): Repository[] {
  try {
    const entries: readonly RepositoryEntry[] = isOneLineFormat(text, name)
      ? parseOneLineEntries(text)
      : parseStanzas(text);
    return mergeEntries(entries);
  } catch (error) {
    if (!(error instanceof SourceListError)) throw error;
    throw new PasekaError(
      'bad-source-list',
      `${name}:${error.line}: ${error.message}`,
      'sources.list(5) describes the format; a minimal entry is `deb http://mirror.example.org/debian stable main`',
      error,
    );
  }
}

function isOneLineFormat(text: string, name: string): boolean {
  if (/\.(list|sources)$/.test(name)) return name.endsWith('.list');
  const first = text.split('\n').find((line) => !/^\s*(#|$)/.test(line));
  return first !== undefined && /^\s*deb(-src)?(\s|$)/.test(first);
}
