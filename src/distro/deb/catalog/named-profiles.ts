// SPDX-License-Identifier: GPL-2.0-or-later

/** The build profiles in restrictions such as `<!nocheck> <cross !stage1>`, each once, sorted. */
export function namedProfiles(restrictions: Iterable<string>): string[] {
  const names = new Set<string>();
  for (const restriction of restrictions) {
    for (const [, group = ''] of restriction.matchAll(/<([^<>]*)>/g)) {
      for (const term of group.trim().split(/\s+/)) names.add(term.replace(/^!/, ''));
    }
  }
  names.delete('');
  return [...names].sort();
}
