// SPDX-License-Identifier: GPL-2.0-or-later

/** Variables that always count: what programs keep in their caches is made for one language (apt's are). */
const locale = [
  'LANG',
  'LANGUAGE',
  'LC_ALL',
  'LC_COLLATE',
  'LC_CTYPE',
  'LC_MESSAGES',
  'LC_NUMERIC',
  'LC_TIME',
] as const;

/** Variables by name; null stands for one that is not set. */
export type CountedEnvironment = Readonly<Record<string, string | null>>;

/** What of an environment a prepared directory depends on: the language, and what the user named. */
export function countedEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  named: readonly string[],
): CountedEnvironment {
  const names = [...new Set([...locale, ...named])].sort();
  return Object.fromEntries(names.map((name) => [name, environment[name] ?? null]));
}

/** Where an environment is another than the one that was counted. */
export function environmentDifferences(
  counted: CountedEnvironment,
  environment: Readonly<Record<string, string | undefined>>,
): readonly EnvironmentDifference[] {
  return Object.entries(counted)
    .map(([name, before]) => ({ name, before, now: environment[name] ?? null }))
    .filter(({ before, now }) => before !== now);
}

export interface EnvironmentDifference {
  readonly name: string;
  readonly before: string | null;
  readonly now: string | null;
}
