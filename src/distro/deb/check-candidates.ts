// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../../base/invariant.ts';
import type { CandidateCheckRequest, UninstallableCandidate } from '../resolution.ts';
import { DebCatalog } from './catalog/deb-catalog.ts';
import { RelationSyntaxError } from './catalog/relation-syntax.ts';
import { whyNotInstallable } from './check/installability-problem.ts';
import type { Paragraph } from './deb822.ts';
import { controlOf } from './read-package.ts';
import { isChoosable } from './resolve/clause-index.ts';
import { explainMissing, withoutRequestLine } from './resolve/explain-missing.ts';
import { Universe } from './resolve/universe.ts';

/** Which of the user's packages can't be installed over the catalog with the others, and why not. */
export async function findUninstallable(
  request: CandidateCheckRequest,
): Promise<readonly UninstallableCandidate[]> {
  const { catalog, architecture, candidates } = request;
  invariant(catalog instanceof DebCatalog, 'a catalog of another packaging system');
  if (candidates.length === 0) return [];
  const controls: Paragraph[] = [];
  for (const file of candidates) controls.push(await controlOf(file));
  try {
    return uninstallable(
      new Universe(catalog, { packages: [], unfinished: [], architecture }, controls),
      controls.length,
    );
  } catch (error) {
    if (error instanceof RelationSyntaxError) return []; // for the packaging system's own tool to judge
    throw error;
  }
}

function uninstallable(universe: Universe, count: number): UninstallableCandidate[] {
  const mayChoose = (row: number): boolean => isChoosable(universe, row);
  const names = new Set<number>();
  for (let row = 0; row < universe.root; row++) {
    if (universe.hasFlag(row, 'essential')) names.add(universe.nameOfRow[row] ?? 0);
  }
  const found: UninstallableCandidate[] = [];
  for (let index = 0; index < count; index++) {
    const row = universe.rowOfLocal(index);
    const { name, version } = universe.describe(row);
    const atom = { name, version, relation: '=', qualifier: '', architectures: '', profiles: '' } as const;
    universe.setRoot([universe.atomNumber(atom) * 2], []);
    const missing = explainMissing(universe, mayChoose);
    const why =
      missing === undefined
        ? whyNotInstallable(universe, row, [...names], mayChoose)
        : withoutRequestLine(missing);
    if (why !== undefined) found.push({ name, version, why });
  }
  return found;
}
