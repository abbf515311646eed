// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { listDirectory, readText, readTextIfExists } from '../../../host/files.ts';
import type { DpkgDatabase } from './link-plan.ts';
import { type Interest, parseFileInterests, parseNamedInterests } from './trigger-database.ts';

const notTriggers = new Set(['File', 'Lock', 'Unincorp']);

/** Reads dpkg's database of a root from outside; undefined where something in it waits to be finished. */
export async function readDpkgDatabase(root: string): Promise<DpkgDatabase | undefined> {
  const directory = join(root, 'var/lib/dpkg');
  const waiting = await readTextIfExists(join(directory, 'triggers/Unincorp'));
  const updates = await listDirectory(join(directory, 'updates'));
  if ((waiting ?? '') !== '' || updates.length > 0) return undefined;
  const status = await readText(join(directory, 'status'));
  const files = parseFileInterests((await readTextIfExists(join(directory, 'triggers/File'))) ?? '');
  const named = new Map<string, readonly Interest[]>();
  for (const name of await listDirectory(join(directory, 'triggers'))) {
    if (notTriggers.has(name)) continue;
    named.set(name, parseNamedInterests(name, await readText(join(directory, 'triggers', name))));
  }
  return {
    status,
    known: new Set(Array.from(status.matchAll(/^Package: (.+)$/gm), ([, name]) => name ?? '')),
    triggers: { files, named },
    reserved: new Set([
      ...parseDiversions((await readTextIfExists(join(directory, 'diversions'))) ?? ''),
      ...parseStatOverrides((await readTextIfExists(join(directory, 'statoverride'))) ?? ''),
    ]),
  };
}

/** Three lines each: the path, what it is diverted to, and whose diversion it is. */
function parseDiversions(text: string): string[] {
  return text.split('\n').filter((line, index) => index % 3 < 2 && line !== '');
}

/** `user group mode path`. */
function parseStatOverrides(text: string): string[] {
  return text.split('\n').flatMap((line) => /^\S+ \S+ \S+ (.+)$/.exec(line)?.[1] ?? []);
}
