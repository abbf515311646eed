// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignContext } from '../campaign/campaign-context.ts';
import type { Choice } from '../campaign/choose/choose.ts';
import { type DryRunOptions, dryRun } from '../campaign/dry-run.ts';
import { dryRunDocument } from '../report/dry-run-json.ts';
import { dryRunText } from '../report/dry-run-text.ts';
import { exitStatus } from './exit-status.ts';
import type { Output } from './output.ts';

/** Shows what a campaign of this choice would need. The base is made where there is none: nothing is foreseen without. */
export async function showDryRun(
  context: CampaignContext,
  choice: Choice,
  options: DryRunOptions,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const { snapshotId, suite, architecture } = context.snapshot;
  const base = await context.bases.ensure(context.snapshot, 'build', signal);
  const started = context.now();
  const run = await dryRun(context, base, choice.sources, options, signal);
  const { notForArchitecture } = choice;
  const wallMs = context.now() - started;
  const subject = { snapshot: snapshotId, suite, architecture, notForArchitecture, wallMs };
  output.result(dryRunDocument(run, subject), () => dryRunText(run, subject, output.style));
  return exitStatus.passed;
}
