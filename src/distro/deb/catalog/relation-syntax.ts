// SPDX-License-Identifier: GPL-2.0-or-later
import type { VersionRelation } from '../version.ts';

/** One package of a relationship field (Debian Policy 7.1), with what restricts it. */
export interface RelationAtom {
  readonly name: string;
  /** Architecture qualifier: `any`, `native`, an architecture, or empty. */
  readonly qualifier: string;
  readonly relation: VersionRelation | '';
  readonly version: string;
  /** The text inside `[...]`, or empty. */
  readonly architectures: string;
  /** The `<...>` groups as they stand, or empty. */
  readonly profiles: string;
}

/** A relationship that isn't one; `text` is the part that could not be read. */
export class RelationSyntaxError extends Error {
  override readonly name = 'RelationSyntaxError';
  readonly text: string;

  constructor(text: string) {
    super(`not a package relationship: ${text.trim().slice(0, 80)}`);
    this.text = text;
  }
}

const atomPattern =
  /^\s*((?:(?![:()[\]<>|,=])[!-~])+)(?::([a-z0-9][a-z0-9-]*))?\s*(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s()]+)\s*\))?\s*(?:\[([^\]]*)\])?\s*((?:<[^<>]*>\s*)*)$/;

/** One alternative: `name[:arch] [(relation version)] [[archs]] [<profiles>]...`. Throws {@link RelationSyntaxError}. */
export function parseRelationAtom(text: string): RelationAtom {
  const match = atomPattern.exec(text);
  if (match === null) throw new RelationSyntaxError(text);
  return {
    name: match[1] ?? '',
    qualifier: match[2] ?? '',
    relation: relationOf(match[3] ?? ''),
    version: match[4] ?? '',
    architectures: (match[5] ?? '').trim(),
    profiles: (match[6] ?? '').trim(),
  };
}

/**
 * Splits a field into clauses of alternatives, each still text. Superfluous commas are skipped as apt does; an empty
 * alternative throws {@link RelationSyntaxError}.
 */
export function splitRelations(field: string): string[][] {
  const clauses: string[][] = [];
  for (const clause of field.split(',')) {
    if (clause.trim() === '') continue;
    const alternatives = clause.split('|');
    if (alternatives.some((text) => text.trim() === '')) throw new RelationSyntaxError(clause);
    clauses.push(alternatives);
  }
  return clauses;
}

/** Parses a whole relationship field into clauses of alternatives. Throws {@link RelationSyntaxError}. */
export function parseRelations(field: string): RelationAtom[][] {
  return splitRelations(field).map((alternatives) => alternatives.map(parseRelationAtom));
}

/** The atom as it would stand in a field, without restrictions: `libc6:any (>= 2.36)`. */
export function formatRelationAtom(
  atom: Pick<RelationAtom, 'name' | 'qualifier' | 'relation' | 'version'>,
): string {
  const name = atom.qualifier === '' ? atom.name : `${atom.name}:${atom.qualifier}`;
  return atom.relation === '' ? name : `${name} (${atom.relation} ${atom.version})`;
}

function relationOf(text: string): VersionRelation | '' {
  switch (text) {
    case '<':
      return '<=';
    case '>':
      return '>=';
    default:
      return text as VersionRelation | '';
  }
}
