// SPDX-License-Identifier: GPL-2.0-or-later

const tagLine = /^BuildRequires\(pre\)[ \t]*:(.*)$/gim;
const dependency = /([^\s,<>=]+)(?:\s*([<>]=?|==?)\s*([^\s,]+))?/g;

/**
 * What a spec file needs to be read at all, since its macros come from there: its `BuildRequires(pre)` (ALT's rpm), by the text
 * alone, as hasher finds them. Conditions are not followed, and what only macros would tell is left out.
 */
export function readPreRequires(spec: string): string[] {
  const found = [...spec.matchAll(tagLine)].flatMap(([, said = '']) =>
    [...said.matchAll(dependency)].flatMap(([, name = '', operator, version = '']) => {
      if (name.includes('%') || name.startsWith('#')) return [];
      return operator === undefined || version.includes('%') ? [name] : [`${name} ${operator} ${version}`];
    }),
  );
  return [...new Set(found)];
}
