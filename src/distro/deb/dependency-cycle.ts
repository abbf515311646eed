// SPDX-License-Identifier: GPL-2.0-or-later
import type { DpkgPackage } from './dpkg-status.ts';

/**
 * The names of a shortest dependency cycle through `start` among installed packages (`a, b, a`), or undefined. Which
 * alternative holds does not matter here: any installed one that is named, or provides what is named, counts.
 */
export function findDependencyCycle(
  start: string,
  installed: Iterable<DpkgPackage>,
): readonly string[] | undefined {
  const all = [...installed];
  const providers = new Map<string, string[]>();
  const add = (name: string, provider: string): void => {
    providers.set(name, [...(providers.get(name) ?? []), provider]);
  };
  for (const entry of all) {
    add(entry.name, entry.name);
    for (const name of relationNames(entry.provides)) add(name, entry.name);
  }
  const edges = new Map(
    all.map((entry) => [
      entry.name,
      relationNames(entry.depends).flatMap((name) => providers.get(name) ?? []),
    ]),
  );
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const current of queue) {
    for (const next of edges.get(current) ?? []) {
      if (next === current) continue;
      if (next === start) return [...pathTo(current, cameFrom), start];
      if (!cameFrom.has(next)) {
        cameFrom.set(next, current);
        queue.push(next);
      }
    }
  }
  return undefined;
}

/** The package names of a relation field, versions and qualifiers dropped. */
function relationNames(field: string): string[] {
  return field
    .split(/[,|]/)
    .map((part) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(part)?.[1] ?? '')
    .filter((name) => name !== '');
}

function pathTo(end: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [end];
  for (let at = cameFrom.get(end); at !== undefined; at = cameFrom.get(at)) path.unshift(at);
  return path;
}
