// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { EarlierResult } from '../db/earlier-results.ts';
import type { Attempt } from './attempt.ts';
import type { CampaignContext } from './campaign-context.ts';
import type { AttemptResult } from './run-attempt.ts';

/** What was taken over, as if it had been built now. */
export async function reusedResult(
  context: Pick<CampaignContext, 'distribution'>,
  attempt: Attempt,
  { campaign, artifacts }: EarlierResult,
): Promise<AttemptResult> {
  attempt.log.line(`built from the same inputs in the campaign ${campaign}: its packages are taken over`);
  const packages = [];
  for (const { file } of artifacts) {
    if (!context.distribution.isPackageFile(file)) continue;
    packages.push(...(await context.distribution.openLocalPackages(join(attempt.resultsDirectory, file))));
  }
  return { outcome: { kind: 'built' }, artifacts, packages };
}
