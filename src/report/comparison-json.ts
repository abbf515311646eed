// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignComparison } from '../campaign/compare/compare-campaigns.ts';
import type { ArtifactComparison } from '../campaign/compare-artifacts.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import { decisiveLine } from '../events/decisive-line.ts';

/**
 * The document that `campaign compare --json` prints: every source with its verdict, both sides' outcomes, and the
 * differences of its packages where both were built. Sizes are bytes.
 * @param packages by the source's place in the comparison.
 */
export function comparisonDocument(
  { before, after, sources, notes }: CampaignComparison,
  packages: ReadonlyMap<number, ArtifactComparison>,
): object {
  const verdicts = Object.groupBy(sources, ({ verdict }) => verdict);
  return {
    before: campaignDocument(before),
    after: campaignDocument(after),
    notes,
    verdicts: Object.fromEntries(Object.entries(verdicts).map(([verdict, all]) => [verdict, all.length])),
    sources: sources.map((one, place) => ({
      source: one.source,
      verdict: one.verdict,
      before: sideDocument(one.before),
      after: sideDocument(one.after),
      ...packagesDocument(packages.get(place)),
    })),
  };
}

function campaignDocument({ id, snapshot, suite, architecture, change, cancelled }: CampaignState): object {
  return { id, snapshot, suite, architecture, ...(change === undefined ? {} : { change }), cancelled };
}

function sideDocument(task: TaskState | undefined): object | null {
  if (task === undefined) return null;
  const { version, outcome, attempts } = task;
  const { kind, ...details } = outcome ?? { kind: null };
  const line = outcome === undefined ? '' : decisiveLine(outcome);
  return { version, outcome: kind, ...details, line, attempts: attempts.length };
}

function packagesDocument(found: ArtifactComparison | undefined): object {
  if (found === undefined) return {};
  if (found.kind === 'deleted') return { packages: null, deleted: found.files };
  return { packages: found.differences };
}
