// SPDX-License-Identifier: GPL-2.0-or-later
import { Command, InvalidArgumentError } from 'commander';
import pLimit from 'p-limit';
import {
  type CampaignComparison,
  compareCampaigns,
  isWorse,
} from '../../campaign/compare/compare-campaigns.ts';
import { defaultSizeThreshold } from '../../campaign/compare/compare-packages.ts';
import { type ArtifactComparison, compareArtifacts } from '../../campaign/compare-artifacts.ts';
import { resultsDirectory } from '../../campaign/results-directory.ts';
import { anyPackages } from '../../distro/distributions.ts';
import { availableParallelism } from '../../host/cores.ts';
import { makeScratchDirectory } from '../../host/scratch-directory.ts';
import type { StateDirectory } from '../../host/state-directory.ts';
import { comparisonDocument } from '../../report/comparison-json.ts';
import { comparisonText } from '../../report/comparison-text.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import { makeOutput } from '../output.ts';
import type { Verb } from '../verb.ts';
import { openCampaigns } from './open-campaigns.ts';

interface CompareOptions extends CommonOptions {
  readonly packages: boolean;
  readonly sizeChange: number;
}

/** `paseka campaign compare`. */
export function compareVerb(): Verb {
  const command = new Command('compare')
    .description('what became better or worse from one campaign to another, and how the packages differ')
    .argument('<BEFORE>', 'id of a campaign, or the beginning of one')
    .argument('<AFTER>', 'id of a campaign, or the beginning of one')
    .option('--no-packages', 'do not look into the packages')
    .option(
      '--size-change <PERCENT>',
      'tell of sizes that changed so much',
      percentOption,
      defaultSizeThreshold.share * 100,
    );
  return { command: addCommonOptions(command), run: runCompare };
}

/** Compares two campaigns; status 1 where something became worse. */
async function runCompare(before: string, after: string, options: CompareOptions): Promise<number> {
  const output = makeOutput(options);
  using campaigns = await openCampaigns(options);
  const { state, store } = campaigns;
  const [first, second] = [store.find(before).id, store.find(after).id];
  const comparison = compareCampaigns(store.state(first), store.state(second));
  const packages = options.packages ? await comparePackages(comparison, state, options) : new Map();
  output.result(comparisonDocument(comparison, packages), () =>
    comparisonText(comparison, packages, output.style),
  );
  return comparison.sources.some(({ verdict }) => isWorse(verdict))
    ? exitStatus.notPassed
    : exitStatus.passed;
}

/** Those of the sources that both have built, by their place in the comparison. */
async function comparePackages(
  { sources, before: old, after: fresh }: CampaignComparison,
  state: StateDirectory,
  { sizeChange }: CompareOptions,
): Promise<Map<number, ArtifactComparison>> {
  await using scratch = await makeScratchDirectory(state.tmp, 'compare');
  const limit = pLimit(availableParallelism());
  const found = await Promise.all(
    sources.map(({ before, after }, place) =>
      limit(async (): Promise<[number, ArtifactComparison][]> => {
        if (before?.outcome?.kind !== 'built' || after?.outcome?.kind !== 'built') return [];
        const request = {
          before,
          after,
          directoryOf: (side: 'before' | 'after') =>
            side === 'before'
              ? resultsDirectory(state.campaigns, old, before)
              : resultsDirectory(state.campaigns, fresh, after),
          scratchDirectory: scratch.path,
          threshold: { ...defaultSizeThreshold, share: sizeChange / 100 },
        };
        return [[place, await compareArtifacts(anyPackages, request)]];
      }),
    ),
  );
  return new Map(found.flat());
}

function percentOption(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('write a number of percent, such as 5.');
  return Number(text);
}
