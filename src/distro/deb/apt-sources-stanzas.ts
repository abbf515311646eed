// SPDX-License-Identifier: GPL-2.0-or-later
import { makeEntries, type RepositoryEntry, SourceListError } from './apt-sources-entry.ts';
import { Deb822Error, type Paragraph, parseDeb822 } from './deb822.ts';

/** Parses the deb822 format (`.sources` files). Throws SourceListError. */
export function parseStanzas(text: string): RepositoryEntry[] {
  const lines = stanzaLines(text);
  return readParagraphs(text).flatMap((paragraph, index) => {
    if (/^(no|false|without|off|disable|0)$/i.test(paragraph.get('enabled') ?? 'yes')) return [];
    return makeEntries({
      types: splitWords(paragraph.get('types')),
      uris: splitWords(paragraph.get('uris')),
      suites: splitWords(paragraph.get('suites')),
      components: splitWords(paragraph.get('components')),
      signedBy: signedByOf(paragraph),
      trusted: paragraph.get('trusted'),
      checkValidUntil: paragraph.get('check-valid-until'),
      architectures: splitWords(paragraph.get('architectures')),
      line: lines[index] ?? 1,
    });
  });
}

function readParagraphs(text: string): Paragraph[] {
  try {
    return parseDeb822(text);
  } catch (error) {
    if (!(error instanceof Deb822Error)) throw error;
    throw new SourceListError(error.message, error.line, error);
  }
}

/** The line, from 1, that each paragraph begins at. */
function stanzaLines(text: string): number[] {
  const starts: number[] = [];
  let inside = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') inside = false;
    else if (!inside && !line.startsWith('#')) {
      inside = true;
      starts.push(index + 1);
    }
  }
  return starts;
}

function splitWords(value: string | undefined): string[] {
  return (value ?? '').split(/\s+/).filter((word) => word !== '');
}

/** Paths and fingerprints joined by commas, or an armoured block with its empty lines (written ` .`) restored. */
function signedByOf(paragraph: Paragraph): string | undefined {
  const value = paragraph.get('signed-by')?.trim();
  if (value === undefined || value === '') return undefined;
  if (!value.startsWith('-----BEGIN')) return value.split(/[\s,]+/).join(',');
  return value
    .split('\n')
    .map((line) => (line.trim() === '.' ? '' : line.trim()))
    .join('\n');
}
