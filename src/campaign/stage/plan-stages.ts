// SPDX-License-Identifier: GPL-2.0-or-later
import type { InstallForecast } from '../../distro/install-forecast.ts';
import type { SourceInput } from '../../distro/source-input.ts';
import { orderStages } from '../../schedule/order-stages.ts';
import { strongComponents } from '../../schedule/strong-components.ts';

/** In which order sources are built so that each has what was built from the others. Sources are their places. */
export interface StagePlan {
  readonly levels: readonly (readonly number[])[];
  /** Those that need each other: built in one level, with each other's packages as the snapshot has them. */
  readonly cycles: readonly (readonly number[])[];
  /** Further build profiles of some, without which there would be more cycles. */
  readonly profiles: ReadonlyMap<number, readonly string[]>;
  /** Those whose set nobody knows yet: after all that does not need them. Ascending. */
  readonly late: readonly number[];
}

/** How a plan is made. */
export interface StageTools {
  readonly sources: readonly SourceInput[];
  /** What all of them need. */
  readonly forecast: InstallForecast;
  /** What some of them need with these build profiles added. */
  readonly foresee: (
    sources: readonly SourceInput[],
    profiles: readonly string[],
  ) => Promise<InstallForecast>;
  /** Build profiles that open cycles: those that change least of what is built first. */
  readonly profilesAgainstCycles: readonly string[];
}

/**
 * Orders sources by the sets that are installed to build them, level by level. Sources of the base's packages come before all
 * that they don't need themselves. Of those that need each other, as few as possible are given build profiles that open the
 * cycle, as far as they offer any. What the forecast has no set for, often because it needs a version that another source of
 * these is yet to give, comes after all that does not need it.
 */
export async function planStages(tools: StageTools): Promise<StagePlan> {
  const { sources, forecast, profilesAgainstCycles } = tools;
  const placesOf = new Map<string, number[]>();
  for (const [place, { name }] of sources.entries()) {
    placesOf.set(name, [...(placesOf.get(name) ?? []), place]);
  }
  const needs = sources.map((_, place) => neededPlaces(forecast, place, place, placesOf));
  const members = strongComponents(needs)
    .filter((group) => group.length > 1)
    .flat()
    .sort((a, b) => a - b);
  const variants = new Map<number, { readonly profiles: readonly string[]; readonly needs: number[] }[]>();
  for (const [step] of members.length === 0 ? [] : profilesAgainstCycles.entries()) {
    const wanted = profilesAgainstCycles.slice(0, step + 1);
    const offering = members.filter((place) =>
      forecast.needs[place]?.profiles.includes(profilesAgainstCycles[step] ?? ''),
    );
    const foreseen = await tools.foresee(
      offering.map((place) => sources[place]).filter((source) => source !== undefined),
      wanted,
    );
    for (const [index, place] of offering.entries()) {
      if (foreseen.needs[index]?.kind !== 'resolved') continue;
      const profiles = wanted.filter((profile) => forecast.needs[place]?.profiles.includes(profile));
      const variant = { profiles, needs: neededPlaces(foreseen, index, place, placesOf) };
      variants.set(place, [...(variants.get(place) ?? []), variant]);
    }
  }
  const base = forecast.baseSources.flatMap((name) => placesOf.get(name) ?? []);
  const late = [...sources.keys()].filter((place) => forecast.needs[place]?.kind !== 'resolved');
  const gate = sources.length;
  const { levels, cycles, chosen } = orderStages({
    needs: late.length === 0 ? needs : gated(needs, variants, late, gate),
    base,
    variants,
  });
  const profiles = [...chosen].map(
    ([place, step]) => [place, variants.get(place)?.[step]?.profiles ?? []] as const,
  );
  return {
    levels: levels
      .map((places) => places.filter((place) => place !== gate))
      .filter((places) => places.length > 0),
    cycles,
    profiles: new Map(profiles.sort(([a], [b]) => a - b)),
    late,
  };
}

/** The needs with one more, the gate: the late ones need it, and it needs all that needs none of them, however it is built. */
function gated(
  needs: readonly (readonly number[])[],
  variants: ReadonlyMap<number, readonly { readonly needs: readonly number[] }[]>,
  late: readonly number[],
  gate: number,
): number[][] {
  const neededBy = needs.map((): number[] => []);
  for (const [place, own] of needs.entries()) {
    const all = [own, ...(variants.get(place) ?? []).map((variant) => variant.needs)].flat();
    for (const needed of all) neededBy[needed]?.push(place);
  }
  const after = new Set(late);
  for (const place of after) for (const user of neededBy[place] ?? []) after.add(user);
  const behind = new Set(late);
  return [
    ...needs.map((own, place) => (behind.has(place) ? [...own, gate] : [...own])),
    [...needs.keys()].filter((place) => !after.has(place)),
  ];
}

/** Which of the chosen sources gave packages of the set that a source needs; its own don't count. */
function neededPlaces(
  forecast: InstallForecast,
  index: number,
  own: number,
  placesOf: ReadonlyMap<string, readonly number[]>,
): number[] {
  const needs = forecast.needs[index];
  const places = new Set<number>();
  for (const one of needs?.kind === 'resolved' ? needs.packages : []) {
    for (const place of placesOf.get(forecast.packages[one]?.source ?? '') ?? []) places.add(place);
  }
  places.delete(own);
  return [...places];
}
