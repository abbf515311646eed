// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { listDirectory } from '../../../host/files.ts';
import { pathInside, readTextInside } from '../../../host/path-inside.ts';
import type { DpkgDatabase } from './link-plan.ts';
import { type Interest, parseFileInterests, parseNamedInterests } from './trigger-database.ts';

const notTriggers = new Set(['File', 'Lock', 'Unincorp']);

const database = 'var/lib/dpkg';

/**
 * Reads dpkg's database of a root from outside, following its links as from inside: maintainer scripts have written
 * there. Undefined where something in it waits to be finished, or there is none.
 */
export async function readDpkgDatabase(root: string): Promise<DpkgDatabase | undefined> {
  const read = (name: string): Promise<string | undefined> => readTextInside(root, join(database, name));
  const list = async (name: string): Promise<string[]> =>
    listDirectory(await pathInside(root, join(database, name)));
  const waiting = (await read('triggers/Unincorp')) ?? '';
  if (waiting !== '' || (await list('updates')).length > 0) return undefined;
  const status = await read('status');
  if (status === undefined) return undefined;
  const files = parseFileInterests((await read('triggers/File')) ?? '');
  const named = new Map<string, readonly Interest[]>();
  for (const name of await list('triggers')) {
    if (notTriggers.has(name)) continue;
    named.set(name, parseNamedInterests(name, (await read(join('triggers', name))) ?? ''));
  }
  return {
    status,
    known: new Set(Array.from(status.matchAll(/^Package: (.+)$/gm), ([, name]) => name ?? '')),
    triggers: { files, named },
    reserved: await readReserved(root),
  };
}

/** What {@link DpkgDatabase.reserved} has, alone. */
export async function readReserved(root: string): Promise<Set<string>> {
  const read = async (name: string): Promise<string> =>
    (await readTextInside(root, join(database, name))) ?? '';
  return new Set([
    ...parseDiversions(await read('diversions')),
    ...parseStatOverrides(await read('statoverride')),
  ]);
}

/** Three lines each: the path, what it is diverted to, and whose diversion it is. */
function parseDiversions(text: string): string[] {
  return text.split('\n').filter((line, index) => index % 3 < 2 && line !== '');
}

/** `user group mode path`. */
function parseStatOverrides(text: string): string[] {
  return text.split('\n').flatMap((line) => /^\S+ \S+ \S+ (.+)$/.exec(line)?.[1] ?? []);
}
