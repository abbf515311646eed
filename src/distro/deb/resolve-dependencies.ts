// SPDX-License-Identifier: GPL-2.0-or-later
import type { ResolvedPackage } from '../distribution.ts';
import type { BuildDependencyRequest, Resolution, ResolveContext, WantedPackages } from '../resolution.ts';
import type { CommandRoot } from '../root.ts';
import { baseFacts } from './base-facts.ts';
import { type Replacement, readBuildDependencies } from './build-dependencies.ts';
import type { Question } from './resolve/in-process-resolver.ts';
import * as byApt from './resolve-by-apt.ts';
import {
  completeAnswer,
  makeResolver,
  resolveInProcess,
  resolveRebuilt,
  sharedResolver,
} from './resolve-in-process.ts';

/** What `apt-get build-dep` would install: found in process where that can be decided, else by the base's own apt. */
export async function resolveBuildDependencies(
  root: CommandRoot,
  context: ResolveContext,
  request: BuildDependencyRequest,
): Promise<Resolution> {
  const { source, candidates, profiles, wantsReasons = false } = request;
  const base = await baseFacts(context);
  const { paragraph, description, replaced } = await readBuildDependencies(source, candidates, base);
  const askApt = (): Promise<Resolution> =>
    byApt.resolveBuildDependencies(root, context, request, description);
  if (paragraph === undefined) return askApt();
  const question: Question = { kind: 'build', source: paragraph, profiles };
  const resolver = await sharedResolver(context, candidates);
  const answer =
    resolveInProcess(resolver, question, wantsReasons) ??
    completeAnswer(resolver, question, wantsReasons, await askApt());
  return withReplacements(answer, replaced);
}

/** Adds what the base has in the same version, and says of all that was given in the base's place why it is there. */
function withReplacements(answer: Resolution, replaced: readonly Replacement[]): Resolution {
  if (answer.kind === 'unsatisfiable') {
    let { explanation } = answer;
    for (const { candidate, baseVersion } of replaced) {
      const { name, version } = candidate;
      const given = `${name} ${version} is given in the place of the base's ${baseVersion}`;
      explanation = explanation.replaceAll(`the source needs ${name} (= ${version})`, given);
    }
    return { ...answer, explanation };
  }
  if (answer.kind !== 'resolved') return answer;
  const names = new Set(answer.packages.map(({ name }) => name));
  const added = replaced.flatMap(({ candidate }): ResolvedPackage[] =>
    names.has(candidate.name) ? [] : [{ from: 'local', ...candidate }],
  );
  const packages = [...answer.packages, ...added];
  if (answer.reasons === undefined) return { ...answer, packages };
  const reasons = new Map(answer.reasons);
  for (const { candidate, baseVersion } of replaced) {
    reasons.set(candidate.name, `given in the place of the base's ${baseVersion}`);
  }
  return { ...answer, packages, reasons };
}

/** What `apt-get install` would install, local packages preferred to the repository's. */
export async function resolvePackages(
  root: CommandRoot,
  context: ResolveContext,
  wanted: WantedPackages,
): Promise<Resolution> {
  const rebuilt = await resolveRebuilt(context, wanted);
  if (rebuilt !== undefined) return rebuilt;
  const { names, wantsReasons = false } = wanted;
  const local = [...wanted.local, ...wanted.candidates];
  const question: Question = { kind: 'install', names, local: wanted.local };
  const resolver = await (local.length === 0 ? sharedResolver(context, []) : makeResolver(context, local));
  return (
    resolveInProcess(resolver, question, wantsReasons) ??
    completeAnswer(resolver, question, wantsReasons, await byApt.resolvePackages(root, context, wanted))
  );
}
