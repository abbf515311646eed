// SPDX-License-Identifier: GPL-2.0-or-later
import type { Outcome } from '../events/outcome.ts';
import { readLines } from '../host/text-lines.ts';
import type { Attempt } from './attempt.ts';
import type { CampaignContext } from './campaign-context.ts';
import { FailureReader } from './classify/failure-reader.ts';

/** Adds to a failed attempt's outcome what its log says of it; other outcomes explain themselves. */
export async function explainFailure(
  context: CampaignContext,
  attempt: Attempt,
  outcome: Outcome,
): Promise<Outcome> {
  if (outcome.kind !== 'failed') return outcome;
  const { name, version } = attempt.source;
  const reader = new FailureReader(context.distribution.failures, { source: name, version });
  for await (const lines of readLines(attempt.log.path)) {
    for (const line of lines) reader.take(line);
  }
  return { ...outcome, failure: reader.end(outcome.reason) };
}
