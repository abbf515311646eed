// SPDX-License-Identifier: GPL-2.0-or-later
const words = new Set(['and', 'or', 'if', 'else', 'unless', 'with', 'without']);
const relation = /^[<>]?=?=?$/;

/** The names in a dependency, versions and what joins them left out: `(a >= 1 or pkgconfig(b))` has a and pkgconfig(b). */
export function dependencyNames(dependency: string): string[] {
  const isRich = dependency.startsWith('(');
  const names: string[] = [];
  let isVersion = false;
  for (const word of dependency.split(/\s+/)) {
    const bare = isRich ? withoutOuterBrackets(word) : word;
    if (isVersion) isVersion = false;
    else if (relation.test(bare)) isVersion = bare !== '';
    else if (!isRich || !words.has(bare)) names.push(bare);
  }
  return names;
}

/** Without brackets that belong to the expression and not to the name. */
function withoutOuterBrackets(word: string): string {
  let bare = word.replace(/^\(+/, '');
  const surplus = bare.split(')').length - bare.split('(').length;
  for (let index = 0; index < surplus; index++) bare = bare.replace(/\)$/, '');
  return bare;
}
