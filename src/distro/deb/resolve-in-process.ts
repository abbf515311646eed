// SPDX-License-Identifier: GPL-2.0-or-later
import type { LocalPackage } from '../distribution.ts';
import type { Resolution, ResolveContext, WantedPackages } from '../resolution.ts';
import { baseFacts, once } from './base-facts.ts';
import { RelationSyntaxError } from './catalog/relation-syntax.ts';
import { controlOf } from './read-package.ts';
import { InProcessResolver, type LocalCandidate, type Question } from './resolve/in-process-resolver.ts';

/** Resolvers with local packages that are kept, beside the one that is asked for. */
const mostKept = 3;

const resolvers = new Map<string, Promise<InProcessResolver | undefined>>();

/**
 * Answers a question without running apt; undefined where apt has to be asked. Only a set that was verified is decided,
 * and only what provably lacks something is called unsatisfiable; all else is apt's to say.
 */
export function resolveInProcess(
  resolver: InProcessResolver | undefined,
  question: Question,
  wantsReasons: boolean,
): Extract<Resolution, { kind: 'resolved' | 'unsatisfiable' }> | undefined {
  return unlessUnreadable(() => {
    if (resolver === undefined) return undefined;
    const answer = resolver.resolve(question);
    if (answer.kind === 'unsatisfiable') return answer;
    if (answer.kind !== 'resolved') return undefined;
    return wantsReasons ? { ...answer, reasons: resolver.reasons(question, answer.packages) } : answer;
  });
}

/** What apt answered, with this program's better words: an explanation of what contradicts itself, and reasons. */
export function completeAnswer(
  resolver: InProcessResolver | undefined,
  question: Question,
  wantsReasons: boolean,
  answer: Resolution,
): Resolution {
  const completed = unlessUnreadable((): Resolution | undefined => {
    if (resolver === undefined) return undefined;
    if (answer.kind === 'unsatisfiable') {
      const explanation = resolver.explain(question);
      return explanation === undefined ? undefined : { ...answer, explanation };
    }
    if (answer.kind !== 'resolved' || !wantsReasons) return undefined;
    return { ...answer, reasons: resolver.reasons(question, answer.packages) };
  });
  return completed ?? answer;
}

/** The resolver of a base with a set of local packages, made once and kept: for sets that many questions share. */
export function sharedResolver(
  context: ResolveContext,
  local: readonly LocalPackage[],
): Promise<InProcessResolver | undefined> {
  const key = [context.baseDirectory, ...local.map(({ sha256 }) => sha256)].join('\n');
  // Each has tens of megabytes, and every level of a staged rebuild asks with other packages.
  const others = [...resolvers.keys()].filter((one) => one !== key && one.includes('\n'));
  for (const one of others.slice(0, -mostKept)) resolvers.delete(one);
  return once(resolvers, key, () => makeResolver(context, local));
}

/** A resolver for one question: local packages change what can be chosen. */
export async function makeResolver(
  context: ResolveContext,
  local: readonly LocalPackage[],
): Promise<InProcessResolver | undefined> {
  const base = await baseFacts(context);
  if (base === undefined) return undefined;
  const { catalog, status, architecture } = base;
  if (local.length === 0) return new InProcessResolver(catalog, status, architecture);
  const candidates = await Promise.all(local.map(candidateOf));
  const without = await sharedResolver(context, []);
  return new InProcessResolver(catalog, status, architecture, candidates, undefined, without);
}

/**
 * What installing packages takes that are what the repository has of their names, built again, without a resolver of their
 * own: that of a whole archive takes longer to make than to ask. Undefined where they are anything else.
 */
export async function resolveRebuilt(
  context: ResolveContext,
  { names, local, candidates, wantsReasons = false }: WantedPackages,
): Promise<Extract<Resolution, { kind: 'resolved' }> | undefined> {
  if (names.length > 0 || local.length === 0 || wantsReasons) return undefined;
  const [wanted, others] = await Promise.all(
    [local, candidates].map((files) => Promise.all(files.map(candidateOf))),
  );
  const resolver = await sharedResolver(context, []);
  return unlessUnreadable(() => resolver?.resolveTwins(wanted ?? [], others ?? []));
}

async function candidateOf(file: LocalPackage): Promise<LocalCandidate> {
  return { package: file, control: await controlOf(file) };
}

function unlessUnreadable<T>(answer: () => T | undefined): T | undefined {
  try {
    return answer();
  } catch (error) {
    if (error instanceof RelationSyntaxError) return undefined;
    throw error;
  }
}
