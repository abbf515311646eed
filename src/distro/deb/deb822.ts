// SPDX-License-Identifier: GPL-2.0-or-later
/** One paragraph of a deb822 file: field names in lower case, values with their continuation lines kept. */
export type Paragraph = ReadonlyMap<string, string>;

/** Thrown for a line that is neither a field, a continuation nor a comment; `line` counts from 1. */
export class Deb822Error extends Error {
  override readonly name = 'Deb822Error';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

/**
 * Parses control data as deb822(5) describes it: paragraphs separated by blank lines, `#` comment lines dropped, the
 * first line of a value trimmed, continuation lines joined by newlines with their first blank removed. An OpenPGP
 * clear-sign armour around it is skipped, not verified.
 */
export function parseDeb822(text: string): Paragraph[] {
  const paragraphs: Paragraph[] = [];
  let current = new Map<string, string>();
  let field: string | undefined;
  const close = (): void => {
    if (current.size > 0) paragraphs.push(current);
    current = new Map();
    field = undefined;
  };
  const lines = text.split('\n');
  let inArmourHeader = false;
  for (let index = 0; index < lines.length; index++) {
    const line = (lines[index] ?? '').replace(/\s+$/, '');
    if (line === '-----BEGIN PGP SIGNED MESSAGE-----') {
      inArmourHeader = true;
    } else if (line === '-----BEGIN PGP SIGNATURE-----') {
      break;
    } else if (line === '') {
      inArmourHeader = false;
      close();
    } else if (inArmourHeader || line.startsWith('#')) {
      // the armour's "Hash:" lines and comments carry no data
    } else if (line.startsWith(' ') || line.startsWith('\t')) {
      if (field === undefined) throw new Deb822Error('a continuation line without a field', index + 1);
      current.set(field, `${current.get(field) ?? ''}\n${line.slice(1)}`);
    } else {
      const colon = line.indexOf(':');
      if (colon < 1 || /[\s]/.test(line.slice(0, colon))) {
        throw new Deb822Error(`not a field: ${line.slice(0, 60)}`, index + 1);
      }
      field = line.slice(0, colon).toLowerCase();
      if (current.has(field)) throw new Deb822Error(`the field ${field} stands twice`, index + 1);
      current.set(field, line.slice(colon + 1).trim());
    }
  }
  close();
  return paragraphs;
}

/** The non-empty lines of a multi-line field such as Checksums-Sha256, each split at blanks. */
export function fieldRows(paragraph: Paragraph, field: string): string[][] {
  return (paragraph.get(field) ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
}
