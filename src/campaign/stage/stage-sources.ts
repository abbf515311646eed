// SPDX-License-Identifier: GPL-2.0-or-later
import type { InstallForecast } from '../../distro/install-forecast.ts';
import type { SourceInput } from '../../distro/source-input.ts';
import type { Base } from '../../layers/base-store.ts';
import type { CampaignContext } from '../campaign-context.ts';
import type { RebuildOptions } from '../rebuild-options.ts';
import { resolveContext } from '../resolve-context.ts';
import { planStages, type StagePlan } from './plan-stages.ts';

/** Looks ahead at what some sources need with further build profiles; throws PasekaError cancelled. */
export type Foresee = (
  sources: readonly SourceInput[],
  profiles: readonly string[],
) => Promise<InstallForecast>;

/** Looks ahead over a base. */
export function foreseeing(
  context: CampaignContext,
  base: Base,
  options: Pick<RebuildOptions, 'profiles' | 'candidates'>,
  signal: AbortSignal,
): Foresee {
  const over = resolveContext(context, base);
  return (sources, profiles) =>
    context.distribution.foreseeInstallSets(over, {
      sources,
      profiles: [...options.profiles, ...profiles],
      candidates: options.candidates,
      signal,
    });
}

/** Orders sources by what they need, as the forecast for all of them has it; see {@link planStages}. */
export async function stageSources(
  { distribution }: Pick<CampaignContext, 'distribution'>,
  sources: readonly SourceInput[],
  forecast: InstallForecast,
  foresee: Foresee,
  options: Pick<RebuildOptions, 'profiles'>,
): Promise<StagePlan> {
  return planStages({
    sources,
    forecast,
    foresee,
    profilesAgainstCycles: distribution.profilesAgainstCycles.filter(
      (profile) => !options.profiles.includes(profile),
    ),
  });
}

/** The level of each source, by its place. */
export function levelsOf({ levels }: StagePlan): ReadonlyMap<number, number> {
  return new Map(levels.flatMap((places, level) => places.map((place) => [place, level] as const)));
}

/** What a user has to know of a plan, a line each: cycles, and what they were opened by. */
export function stageNotes(
  { levels, cycles, profiles, late }: StagePlan,
  sources: readonly SourceInput[],
): string[] {
  const nameOf = (place: number): string => sources[place]?.name ?? '';
  return [
    `${levels.length} ${levels.length === 1 ? 'level' : 'levels'}: ${levels.map(({ length }) => length).join(', ')} sources`,
    ...(late.length === 0 || levels.length < 2
      ? []
      : [
          `built after all that does not need them, as what they need can't be told from the snapshot: ${late.map(nameOf).join(', ')}`,
        ]),
    ...[...profiles].map(
      ([place, names]) => `${nameOf(place)} is built with ${names.join(', ')}, which opens a cycle`,
    ),
    ...cycles.map(
      (members) =>
        `built in one level, each with the others' packages as the snapshot has them, as they need each other: ${members.map(nameOf).join(', ')}`,
    ),
  ];
}
