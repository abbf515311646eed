// SPDX-License-Identifier: GPL-2.0-or-later
import { findFileChanges } from '../campaign/change/find-file-changes.ts';
import type { PackageFiles } from '../campaign/change/package-files.ts';
import { comparisonText } from '../report/check-text.ts';
import { archiveState, type OpenState } from './archive-states.ts';
import { exitStatus } from './exit-status.ts';
import type { Output } from './output.ts';

export interface ChangeOptions {
  readonly profiles: readonly string[];
  readonly files: PackageFiles;
  readonly fetchAll: boolean;
  readonly output: Output;
}

/** Says what is broken in the later state and was not in the earlier one: dependencies, then files; the exit status. */
export async function checkChange(
  states: { readonly before: OpenState; readonly after: OpenState },
  { profiles, files, fetchAll, output }: ChangeOptions,
): Promise<number> {
  const started = performance.now();
  const { distribution } = states.after.snapshot;
  const [before, after] = [archiveState(states.before), archiveState(states.after)];
  const found = await distribution.compareArchives({ before, after, profiles });
  const changes = await findFileChanges({
    before: await distribution.openArchive(before),
    after: await distribution.openArchive(after),
    files,
    fetchAll,
    onProgress: output.progress,
  });
  const wallMs = Math.round(performance.now() - started);
  const document = {
    before: stateDocument(states.before),
    after: stateDocument(states.after),
    ...found,
    ...changes,
    wallMs,
  };
  output.result(document, () => comparisonText(found, changes, wallMs, output));
  const broken = [
    found.unmet,
    found.uninstallable,
    found.unsatisfiable,
    changes.fileClashes,
    changes.undefinedSymbols,
    changes.lostSymbols.flatMap(({ users }) => users),
  ];
  return broken.some((list) => list.length > 0) ? exitStatus.notPassed : exitStatus.passed;
}

function stateDocument({ snapshot, overlay }: OpenState): object {
  const packages = overlay.map(({ name, version, architecture }) => ({ name, version, architecture }));
  return { snapshot: snapshot.snapshotId, overlay: packages };
}
