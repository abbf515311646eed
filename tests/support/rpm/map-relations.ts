// SPDX-License-Identifier: GPL-2.0-or-later
/** A version as RPM has it. */
export interface RpmVersion {
  readonly epoch: string | undefined;
  readonly version: string;
  readonly release: string;
}

/** `1:2.36-9` of Debian's; what has no revision gets the release 1. */
export function mapVersion(debian: string): RpmVersion {
  const [, epoch, rest = ''] = /^(?:(\d+):)?(.*)$/.exec(debian) ?? [];
  const dash = rest.lastIndexOf('-');
  const version = (dash < 0 ? rest : rest.slice(0, dash)).replaceAll('-', '_');
  return { epoch, version, release: dash < 0 ? '1' : rest.slice(dash + 1) };
}

/** What RPM requires for a `Depends` field: one entry for each of its clauses, alternatives as rich dependencies. */
export function mapDepends(field: string): string[] {
  return clauses(field).map((clause) => {
    const alternatives = clause.split('|').map((one) => mapRelation(one));
    return alternatives.length === 1 ? (alternatives[0] ?? '') : `(${alternatives.join(' or ')})`;
  });
}

/** What RPM provides for a `Provides` field. */
export function mapProvides(field: string): string[] {
  return clauses(field).map((clause) => mapRelation(clause));
}

function clauses(field: string): string[] {
  return field
    .split(',')
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
}

const operators: Readonly<Record<string, string>> = {
  '<<': '<',
  '<=': '<=',
  '=': '=',
  '>=': '>=',
  '>>': '>',
};

function mapRelation(relation: string): string {
  const match = /^([a-z0-9][a-z0-9+.-]*)(?::\w+)?(?:\s*\((<<|<=|=|>=|>>)\s*([^)\s]+)\s*\))?$/.exec(
    relation.trim(),
  );
  if (match === null) throw new Error(`not a relation: ${relation}`);
  const [, name = '', operator, wanted = ''] = match;
  if (operator === undefined) return name;
  const { epoch, version, release } = mapVersion(wanted);
  const hasRevision = wanted.includes('-');
  // RPM compares a version without release with that part alone: 2.36-9 is not greater than 2.36
  const mapped = operator === '>>' && !hasRevision ? '>=' : (operators[operator] ?? operator);
  const full = `${epoch === undefined ? '' : `${epoch}:`}${version}${hasRevision ? `-${release}` : ''}`;
  return `${name} ${mapped} ${full}`;
}
