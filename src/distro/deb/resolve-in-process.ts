// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { readText } from '../../host/files.ts';
import type { LocalPackage, Resolution, ResolveContext, WantedPackages } from '../distribution.ts';
import { DebCatalog } from './catalog/deb-catalog.ts';
import { RelationSyntaxError } from './catalog/relation-syntax.ts';
import { Deb822Error, parseDeb822 } from './deb822.ts';
import { readFrozenDirectory } from './frozen-directory.ts';
import { readControl } from './read-package.ts';
import {
  type InProcessResolution,
  InProcessResolver,
  type LocalCandidate,
} from './resolve/in-process-resolver.ts';

/** What was decided without apt; undefined where apt has to be asked. */
export type Decided = Extract<Resolution, { kind: 'resolved' }> | undefined;

/** What a resolver over one base is made from; both never change, so it is read once. */
interface BaseFacts {
  readonly catalog: DebCatalog;
  readonly status: string;
  readonly architecture: string;
}

const facts = new Map<string, Promise<BaseFacts | undefined>>();
const resolvers = new Map<string, Promise<InProcessResolver | undefined>>();

/**
 * The set that apt would install for the build dependencies in a source paragraph's text, found without running apt.
 * Only a set that was verified is decided: what the fast path can't tell, or finds unsatisfiable, is apt's to say.
 */
export async function resolveSourceInProcess(
  context: ResolveContext,
  description: string,
  profiles: readonly string[],
): Promise<Decided> {
  const resolver = await sharedResolver(context);
  if (resolver === undefined) return undefined;
  try {
    const [paragraph] = parseDeb822(description);
    return paragraph === undefined ? undefined : decided(resolver.resolveControl(paragraph, profiles));
  } catch (error) {
    if (error instanceof RelationSyntaxError || error instanceof Deb822Error) return undefined;
    throw error;
  }
}

/** The same for binary packages; local ones make a resolver of their own, because they change what can be chosen. */
export async function resolvePackagesInProcess(
  context: ResolveContext,
  wanted: WantedPackages,
): Promise<Decided> {
  const local = [...wanted.local, ...wanted.candidates];
  const resolver =
    local.length === 0
      ? await sharedResolver(context)
      : await resolverWith(context, await candidatesOf(local));
  return resolver === undefined ? undefined : decided(resolver.resolvePackages(wanted));
}

function decided(resolution: InProcessResolution): Decided {
  return resolution.kind === 'resolved' ? resolution : undefined;
}

async function candidatesOf(local: readonly LocalPackage[]): Promise<LocalCandidate[]> {
  return Promise.all(local.map(async (file) => ({ package: file, control: await readControl(file.path) })));
}

function sharedResolver(context: ResolveContext): Promise<InProcessResolver | undefined> {
  return once(resolvers, context.baseDirectory, () => resolverWith(context, []));
}

async function resolverWith(
  context: ResolveContext,
  local: readonly LocalCandidate[],
): Promise<InProcessResolver | undefined> {
  const base = await once(facts, context.baseDirectory, () => readFacts(context));
  if (base === undefined) return undefined;
  return new InProcessResolver(base.catalog, base.status, base.architecture, local);
}

async function readFacts(context: ResolveContext): Promise<BaseFacts | undefined> {
  const { catalog } = context;
  if (!(catalog instanceof DebCatalog)) return undefined;
  const { architecture } = await readFrozenDirectory(context.frozenDirectory);
  const status = await readText(join(context.baseDirectory, 'var/lib/dpkg/status'));
  return { catalog, status, architecture };
}

function once<T>(known: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  made.catch(() => known.delete(key));
  return made;
}
