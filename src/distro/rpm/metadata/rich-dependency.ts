// SPDX-License-Identifier: GPL-2.0-or-later
const operators = ['and', 'or', 'if', 'unless', 'with', 'without'] as const;

/** `(a and (b or c))` is `and` of two dependencies. */
export interface RichDependency {
  readonly operator: (typeof operators)[number];
  /** As they are written; of `if` and `unless` with `else` the last ones together. */
  readonly parts: readonly string[];
}

/** A rich dependency (rpm 4.13 and later) by its outermost operator; undefined for a plain one. */
export function readRichDependency(dependency: string): RichDependency | undefined {
  if (!dependency.startsWith('(') || !dependency.endsWith(')')) return undefined;
  const parts: string[][] = [[]];
  let operator: RichDependency['operator'] | undefined;
  let depth = 0;
  for (const word of dependency.slice(1, -1).split(/\s+/)) {
    const found = depth === 0 ? operators.find((one) => one === word) : undefined;
    if (found !== undefined && (operator === undefined || operator === found)) {
      operator = found;
      parts.push([]);
      continue;
    }
    depth += word.split('(').length - word.split(')').length;
    parts.at(-1)?.push(word);
  }
  return operator === undefined ? undefined : { operator, parts: parts.map((words) => words.join(' ')) };
}
