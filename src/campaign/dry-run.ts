// SPDX-License-Identifier: GPL-2.0-or-later
import { setImmediate } from 'node:timers/promises';
import type { Sha256 } from '../base/digest.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { ForeseenNeeds, InstallForecast } from '../distro/install-forecast.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { PredictedUse } from '../events/events.ts';
import type { Base } from '../layers/base-store.ts';
import type { Capacity } from '../schedule/scheduled-task.ts';
import type { CampaignContext } from './campaign-context.ts';
import { type ExpectedCampaign, expectCampaign } from './expect-campaign.ts';
import { type LayersThere, layersOf, layersThere, plannedAtOnce } from './plan-campaign.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import type { StagePlan } from './stage/plan-stages.ts';
import { foreseeing, stageNotes, stageSources } from './stage/stage-sources.ts';

/** What a campaign would need, by what is foreseen now. */
export interface DryRun {
  readonly sources: readonly DrySource[];
  /** Binary packages that are installed for builds. */
  readonly packages: Files & { readonly installedBytes: number };
  /** Files of the sources themselves. */
  readonly sourceFiles: Files;
  /** Undefined where this host can't have any. */
  readonly layers: DryLayers | undefined;
  /** What building takes, of all that may be buildable. */
  readonly expected: ExpectedCampaign;
  /** In a staged rebuild. */
  readonly stages: StagePlan | undefined;
  /** About the stages, for people. */
  readonly notes: readonly string[];
}

/** Files that are needed, each counted once, and those of them that are not in the pool. */
export interface Files {
  readonly files: number;
  readonly bytes: number;
  readonly missingFiles: number;
  readonly missingBytes: number;
}

export interface DryLayers {
  /** To be made, and among those that are there already. */
  readonly made: number;
  readonly reused: number;
  /** That those to be made take, packages unpacked for them left out: an estimate. */
  readonly diskBytes: number;
  /** What making them takes, of a processor's time: an estimate. */
  readonly makeMs: number;
}

export interface DrySource {
  readonly source: SourceInput;
  readonly needs:
    | { readonly kind: 'resolved'; readonly packages: number; readonly bytes: number }
    | Exclude<ForeseenNeeds, { readonly kind: 'resolved' }>;
}

export interface DryRunOptions extends Pick<RebuildOptions, 'profiles' | 'candidates'> {
  readonly staged: boolean;
  readonly capacity: Omit<Capacity, 'longMs'>;
  readonly predict: (source: SourceInput) => PredictedUse;
}

/**
 * Looks ahead at what rebuilding these sources takes; nothing is fetched, made or built. Works in steps of some 100 ms, so
 * that whatever else waits gets its turn. Throws PasekaError cancelled.
 */
export async function dryRun(
  context: CampaignContext,
  base: Base,
  sources: readonly SourceInput[],
  options: DryRunOptions,
  signal: AbortSignal,
): Promise<DryRun> {
  const foresee = foreseeing(context, base, options, signal);
  const forecast = await foresee(sources, []);
  const stages = options.staged
    ? await stageSources(context, sources, forecast, foresee, options)
    : undefined;
  const levels = stages?.levels ?? [[...sources.keys()]];
  const pooled = new Set((await context.pool.list()).map(({ sha256 }) => sha256));
  const remote = sources.flatMap((source) => (source.kind === 'repository' ? source.files : []));
  return {
    sources: sources.map((source, place) => ({ source, needs: needsOf(forecast, place) })),
    packages: {
      ...countFiles(forecast.packages, pooled),
      installedBytes: forecast.packages.reduce((sum, { installedBytes }) => sum + installedBytes, 0),
    },
    sourceFiles: countFiles(remote, pooled),
    layers:
      context.layers === undefined
        ? undefined
        : await planInParts(forecast, await layersThere(context.layers, base, forecast), levels, signal),
    expected: expectCampaign(
      levels.flatMap((places, level) =>
        places.flatMap((place) => {
          const source = sources[place];
          if (source === undefined || !mayBeBuilt(needsOf(forecast, place))) return [];
          return [{ expected: options.predict(source), level }];
        }),
      ),
      options.capacity,
    ),
    stages,
    notes: stages === undefined ? [] : stageNotes(stages, sources),
  };
}

function needsOf(forecast: InstallForecast, place: number): DrySource['needs'] {
  const needs = forecast.needs[place] ?? { kind: 'undecided', profiles: [] };
  if (needs.kind !== 'resolved') return needs;
  const bytes = needs.packages.reduce((sum, one) => sum + (forecast.packages[one]?.bytes ?? 0), 0);
  return { kind: 'resolved', packages: needs.packages.length, bytes };
}

function mayBeBuilt({ kind }: DrySource['needs']): boolean {
  return kind === 'resolved' || kind === 'undecided';
}

function countFiles(
  files: readonly { readonly sha256: Sha256; readonly bytes: number }[],
  pooled: ReadonlySet<Sha256>,
): Files {
  const each = [...new Map(files.map((file) => [file.sha256, file])).values()];
  const missing = each.filter(({ sha256 }) => !pooled.has(sha256));
  const sum = (list: typeof each): number => list.reduce((total, { bytes }) => total + bytes, 0);
  return {
    files: each.length,
    bytes: sum(each),
    missingFiles: missing.length,
    missingBytes: sum(missing),
  };
}

/** As the campaign plans them, part after part; a layer that two parts make is made once. */
async function planInParts(
  forecast: InstallForecast,
  there: LayersThere,
  levels: StagePlan['levels'],
  signal: AbortSignal,
): Promise<DryLayers> {
  const made = new Set<string>();
  const reused = new Set<number>();
  let diskBytes = 0;
  let makeMs = 0;
  const parts = levels.flatMap((places) =>
    Array.from({ length: Math.ceil(places.length / plannedAtOnce) }, (_, part) =>
      places.slice(part * plannedAtOnce, (part + 1) * plannedAtOnce),
    ),
  );
  for (const part of parts) {
    await setImmediate();
    if (signal.aborted) throw new PasekaError('cancelled', 'cancelled while planning', 'start it again');
    const plan = await layersOf(forecast, part, there);
    makeMs += plan.costMs;
    const contents: string[] = [];
    for (const { id, parent, packages, cached: known, diskBytes: bytes } of plan.layers) {
      const below = parent === null ? '' : (contents[parent] ?? '');
      contents[id] = `${below} ${[...packages].sort((a, b) => a - b).join(' ')}`;
      if (known !== null) reused.add(known);
      else if (!made.has(contents[id])) {
        made.add(contents[id]);
        diskBytes += bytes;
      }
    }
  }
  return {
    made: made.size,
    reused: reused.size,
    diskBytes: Math.round(diskBytes),
    makeMs: Math.round(makeMs),
  };
}
