// SPDX-License-Identifier: GPL-2.0-or-later
/** A paragraph of an index: the wanted fields only, with continuation lines joined by newlines. */
export interface ScannedParagraph {
  /** Of its first line, counted from 1. */
  readonly line: number;
  readonly fields: ReadonlyMap<string, string>;
}

/** Thrown for a line that no paragraph of an index can have; `line` counts from 1. */
export class IndexSyntaxError extends Error {
  override readonly name = 'IndexSyntaxError';
  readonly line: number;

  constructor(message: string, line: number) {
    super(message);
    this.line = line;
  }
}

const newline = 10;
const space = 32;
const tab = 9;
const colon = 58;

/**
 * Reads an index (deb822(5)) paragraph by paragraph, decoding only the fields named in `wanted` (lower case): a list
 * of 50 MB never becomes a string. The map is reused: valid until the next step. Throws {@link IndexSyntaxError}.
 */
export function* scanIndex(bytes: Buffer, wanted: ReadonlySet<string>): Generator<ScannedParagraph> {
  const names = new Map<string, string>();
  const fields = new Map<string, string>();
  let started = 0;
  let field: string | undefined;
  let inField = false;
  let line = 0;
  for (let start = 0; start < bytes.length; ) {
    let end = bytes.indexOf(newline, start);
    if (end < 0) end = bytes.length;
    line++;
    const first = bytes[start];
    if (isBlank(bytes, start, end)) {
      if (started > 0) yield { line: started, fields };
      fields.clear();
      started = 0;
      inField = false;
    } else if (first === space || first === tab) {
      if (!inField) throw new IndexSyntaxError('a continuation line without a field', line);
      if (field !== undefined) {
        fields.set(field, `${fields.get(field) ?? ''}\n${bytes.toString('utf8', start + 1, end).trimEnd()}`);
      }
    } else {
      const nameEnd = bytes.indexOf(colon, start);
      if (nameEnd <= start || nameEnd >= end) throw notAField(bytes, start, end, line);
      const spelled = bytes.toString('latin1', start, nameEnd);
      let name: string | undefined = names.get(spelled);
      if (name === undefined) {
        if (!/^[!-~]+$/.test(spelled)) throw notAField(bytes, start, end, line);
        name = spelled.toLowerCase();
        names.set(spelled, name);
      }
      if (started === 0) started = line;
      inField = true;
      field = wanted.has(name) ? name : undefined;
      if (field !== undefined) fields.set(field, bytes.toString('utf8', nameEnd + 1, end).trim());
    }
    start = end + 1;
  }
  if (started > 0) yield { line: started, fields };
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const byte = bytes[index];
    if (byte !== space && byte !== tab && byte !== 13) return false;
  }
  return true;
}

function notAField(bytes: Buffer, start: number, end: number, line: number): IndexSyntaxError {
  return new IndexSyntaxError(
    `not a field: ${bytes.toString('utf8', start, Math.min(end, start + 60))}`,
    line,
  );
}
