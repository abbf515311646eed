// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, dirname, join } from 'node:path';
import type { CampaignState } from '../../events/campaign-state.ts';
import type { CampaignContext } from '../campaign-context.ts';
import { resultsDirectory } from '../results-directory.ts';
import type { BuiltPackages } from './built-packages.ts';

/** Gives later levels of a campaign that goes on what was built before it was stopped. Throws PasekaError bad-binary-package. */
export async function reopenBuilt(
  { distribution }: Pick<CampaignContext, 'distribution'>,
  state: Pick<CampaignState, 'tasks'>,
  directory: string,
  built: BuiltPackages,
): Promise<void> {
  const [campaigns, id] = [dirname(directory), basename(directory)];
  for (const task of state.tasks.values()) {
    const { level, outcome, artifacts } = task;
    if (level === undefined || outcome?.kind !== 'built') continue;
    const place = resultsDirectory(campaigns, { id }, task);
    for (const { file } of artifacts.filter((one) => distribution.isPackageFile(one.file))) {
      const packages = await distribution.openLocalPackages(join(place, file));
      built.add(
        level,
        packages.filter((one) => distribution.isInstallChecked(one)),
      );
    }
  }
}
