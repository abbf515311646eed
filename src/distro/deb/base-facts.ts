// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { readText } from '../../host/files.ts';
import type { ResolveContext } from '../resolution.ts';
import { DebCatalog } from './catalog/deb-catalog.ts';
import { readFrozenDirectory } from './frozen-directory.ts';
import { parseInstalledBase } from './resolve/installed-base.ts';

/** What resolving over one base starts from; neither base nor snapshot ever changes. */
export interface BaseFacts {
  readonly catalog: DebCatalog;
  /** Text of the base's dpkg status. */
  readonly status: string;
  readonly architecture: string;
  /** The base's packages: name to version. */
  readonly installed: ReadonlyMap<string, string>;
}

const known = new Map<string, Promise<BaseFacts | undefined>>();

/** The facts of a context's base, read once; undefined for a catalog of another packaging system. */
export function baseFacts(context: ResolveContext): Promise<BaseFacts | undefined> {
  return once(known, context.baseDirectory, () => readFacts(context));
}

/** What was made for a key before, else what `make` gives; a failure is forgotten. */
export function once<K, T>(made: Map<K, Promise<T>>, key: K, make: () => Promise<T>): Promise<T> {
  const found = made.get(key);
  if (found !== undefined) return found;
  const fresh = make();
  made.set(key, fresh);
  fresh.catch(() => made.delete(key));
  return fresh;
}

async function readFacts(context: ResolveContext): Promise<BaseFacts | undefined> {
  const { catalog } = context;
  if (!(catalog instanceof DebCatalog)) return undefined;
  const { architecture } = await readFrozenDirectory(context.frozenDirectory);
  const status = await readText(join(context.baseDirectory, 'var/lib/dpkg/status'));
  const { packages } = parseInstalledBase(status, architecture);
  const installed = new Map(packages.map((one) => [one.get('package') ?? '', one.get('version') ?? '']));
  return { catalog, status, architecture, installed };
}
