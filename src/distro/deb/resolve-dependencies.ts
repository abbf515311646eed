// SPDX-License-Identifier: GPL-2.0-or-later
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
  const installed = (await baseFacts(context))?.installed ?? new Map<string, string>();
  const { paragraph, description, replaced } = await readBuildDependencies(source, candidates, installed);
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

/** Says of what the base has in another version that it was given, as no dependency of the source asks for it. */
function withReplacements(answer: Resolution, replaced: readonly Replacement[]): Resolution {
  if (answer.kind === 'unsatisfiable') {
    let { explanation } = answer;
    for (const { name, version, baseVersion } of replaced) {
      const given = `${name} ${version} is given in the place of the base's ${baseVersion}`;
      explanation = explanation.replaceAll(`the source needs ${name} (= ${version})`, given);
    }
    return { ...answer, explanation };
  }
  if (answer.kind !== 'resolved' || answer.reasons === undefined) return answer;
  const reasons = new Map(answer.reasons);
  for (const { name, baseVersion } of replaced) {
    reasons.set(name, `given in the place of the base's ${baseVersion}`);
  }
  return { ...answer, reasons };
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
