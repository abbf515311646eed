// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../base/digest.ts';
import type { InstallForecast } from '../distro/install-forecast.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { Base } from '../layers/base-store.ts';
import type { LayerStore } from '../layers/layer-store.ts';
import { defaultCostModel } from '../layers/plan/cost-model.ts';
import { fitMakingCosts, type MakingCosts } from '../layers/plan/fit-costs.ts';
import type { CachedSet, LayerPlan } from '../layers/plan/layer-plan.ts';
import type { CampaignContext } from './campaign-context.ts';
import { planLayersBeside } from './plan-layers-beside.ts';
import type { RebuildOptions } from './rebuild-options.ts';
import { resolveContext } from './resolve-context.ts';

/** A task as the plan has it. */
export interface PlannedSource {
  /** Its place among the sources given. */
  readonly place: number;
  /** Sets that are worth a layer before its own, each a part of the next, by digest. */
  readonly shared: readonly ReadonlySet<Sha256>[];
  /** Keeps these from being evicted until this task has no more use for them. */
  readonly expected?: Disposable;
}

/** A campaign of more is planned in parts, so that the first builds begin within a second. */
export const plannedAtOnce = 1000;

/** So many sources are built in the order in which they were given: their layers all have room. */
const mostInGivenOrder = 100;

/** What a package's size adds to linking and configuring it. */
const msPerMebibyte = 0.5;

/**
 * Looks ahead at what all sources will need, and plans which layers to share between them and in which order to build, so
 * that a layer is made once and needed for a short time. A few sources stay in their order; of many, those that nothing is
 * foreseen of come last.
 */
export async function planCampaign(
  context: CampaignContext,
  base: Base,
  sources: readonly SourceInput[],
  options: Pick<RebuildOptions, 'profiles' | 'candidates'>,
): Promise<PlannedSource[]> {
  const unplanned = sources.map((_, place): PlannedSource => ({ place, shared: [] }));
  if (context.layers === undefined || sources.length === 1) return unplanned;
  const { profiles, candidates } = options;
  const forecast = await context.distribution.foreseeInstallSets(resolveContext(context, base), {
    sources,
    profiles,
    candidates,
  });
  const places = sources.map((_, place) => place);
  const plan = await layersOf(forecast, places, await layersThere(context.layers, base, forecast));
  const { layers } = context;
  const below = plan.layers.map((): readonly SharedLayer[] => []);
  for (const { id, parent } of plan.layers) {
    // parents stand before their children
    if (parent === null) continue;
    const packages = contents(plan, forecast, parent);
    const layer = layers.idOf({ base, packages: [...packages], removed: [] });
    below[id] = [...(below[parent] ?? []), { packages, layer }];
  }
  const ordered = plan.order.map(({ task, layer }): PlannedSource => {
    const shared = layer === null ? [] : (below[layer] ?? []);
    return {
      place: task,
      shared: shared.map(({ packages }) => packages),
      expected: layers.expect(shared.map((one) => one.layer)),
    };
  });
  const planned = new Set(ordered.map(({ place }) => place));
  const all = [...ordered, ...unplanned.filter(({ place }) => !planned.has(place))];
  return sources.length <= mostInGivenOrder ? all.sort((a, b) => a.place - b.place) : all;
}

interface SharedLayer {
  readonly packages: ReadonlySet<Sha256>;
  readonly layer: Sha256;
}

/** Which layers some of a forecast's sources, named by their places, share; those that nothing is foreseen of left out. */
export async function layersOf(
  forecast: InstallForecast,
  places: readonly number[],
  there: LayersThere,
): Promise<LayerPlan<number>> {
  const tasks = places.flatMap((id) => {
    const needs = forecast.needs[id];
    return needs?.kind === 'resolved' ? [{ id, packages: needs.packages }] : [];
  });
  return planLayersBeside({
    packages: forecast.packages.map(({ installedBytes, dependencies, atOnce }) => ({
      installedBytes,
      dependencies,
      ...(atOnce === undefined ? {} : { atOnce }),
      costMs: there.costs.packageMs + (installedBytes / (1024 * 1024)) * msPerMebibyte,
    })),
    tasks,
    costModel: { ...defaultCostModel, layerMs: there.costs.layerMs },
    cached: there.cached,
  });
}

/** All that is installed by a layer and those below it. */
function contents(plan: LayerPlan<number>, forecast: InstallForecast, layer: number): ReadonlySet<Sha256> {
  const digests = new Set<Sha256>();
  for (let id: number | null = layer; id !== null; id = plan.layers[id]?.parent ?? null) {
    for (const place of plan.layers[id]?.packages ?? []) {
      const foreseen = forecast.packages[place];
      if (foreseen !== undefined) digests.add(foreseen.sha256);
    }
  }
  return digests;
}

/** What layers that are there can be used for, and what making them tells of making others. */
export interface LayersThere {
  readonly cached: readonly CachedSet[];
  readonly costs: MakingCosts;
}

export async function layersThere(
  layers: LayerStore,
  base: Base,
  forecast: InstallForecast,
): Promise<LayersThere> {
  return {
    cached: cachedSets(forecast, await layers.setsOver(base.id)),
    costs: fitMakingCosts(await layers.made()),
  };
}

/** Those of the layers that are there in which nothing is but what this campaign installs. */
function cachedSets(
  forecast: InstallForecast,
  layers: readonly { readonly packages: readonly Sha256[]; readonly depth: number }[],
): CachedSet[] {
  const places = new Map(forecast.packages.map(({ sha256 }, place) => [sha256, place]));
  return layers.flatMap(({ packages, depth }) => {
    const found = packages.flatMap((sha256) => places.get(sha256) ?? []);
    return found.length === packages.length ? [{ packages: found, depth }] : [];
  });
}
