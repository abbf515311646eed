// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mergedPath } from './normalise-tree.ts';

/** A link that Debian's packages leave to update-alternatives. */
export interface Alternative {
  readonly link: string;
  readonly target: string;
  readonly priority: number;
}

/** The links that a postinst asks for, as far as they can be read off its text. */
export function parseAlternatives(postinst: string): Alternative[] {
  const text = postinst.replaceAll(/\\\n/g, ' ');
  const found: Alternative[] = [];
  const call = /--install\s+(\S+)\s+\S+\s+(\S+)\s+(\d+)((?:\s+--slave\s+\S+\s+\S+\s+\S+)*)/g;
  for (const [, link = '', target = '', priority = '', slaves = ''] of text.matchAll(call)) {
    found.push({ link, target, priority: Number(priority) });
    for (const [, slave = '', path = ''] of slaves.matchAll(/--slave\s+(\S+)\s+\S+\s+(\S+)/g)) {
      found.push({ link: slave, target: path, priority: Number(priority) });
    }
  }
  return found
    .filter(({ link, target }) => !/["'$`]/.test(link + target))
    .map((one) => ({ ...one, link: mergedPath(one.link), target: mergedPath(one.target) }));
}

/** What the scripts that can't be read would have linked: `automake-1.16` as `automake`. */
export async function versionedTools(tree: string): Promise<Alternative[]> {
  const names = await fs.readdir(join(tree, 'usr/bin')).catch(() => []);
  return names.flatMap((name) => {
    const [, tool] = /^(automake|aclocal)-[\d.]+$/.exec(name) ?? [];
    return tool === undefined ? [] : [{ link: `/usr/bin/${tool}`, target: `/usr/bin/${name}`, priority: 1 }];
  });
}

/** Makes the links whose targets are in the tree and for which no other package of `trees` has a higher priority. */
export async function linkAlternatives(
  trees: readonly { readonly tree: string; readonly alternatives: readonly Alternative[] }[],
): Promise<void> {
  const chosen = new Map<string, { readonly tree: string; readonly alternative: Alternative }>();
  for (const { tree, alternatives } of trees) {
    for (const alternative of alternatives) {
      const before = chosen.get(alternative.link)?.alternative;
      if (before !== undefined && before.priority >= alternative.priority) continue;
      if ((await fs.lstat(join(tree, alternative.target)).catch(() => undefined)) === undefined) continue;
      chosen.set(alternative.link, { tree, alternative });
    }
  }
  for (const [link, { tree, alternative }] of chosen) {
    const path = join(tree, link);
    if ((await fs.lstat(path).catch(() => undefined)) !== undefined) continue;
    await fs.mkdir(dirname(path), { recursive: true });
    await fs.symlink(alternative.target, path);
  }
}
