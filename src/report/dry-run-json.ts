// SPDX-License-Identifier: GPL-2.0-or-later
import type { DryRun, DrySource } from '../campaign/dry-run.ts';

/** A dry run with what it was of. */
export interface DryRunSubject {
  readonly snapshot: string;
  readonly suite: string;
  readonly architecture: string;
  readonly notForArchitecture: readonly { readonly name: string; readonly version: string }[];
  readonly wallMs: number;
}

/**
 * The document that `rebuild --dry-run --json` prints: a stable contract. `missing` is what the pool lacks; what is called an
 * estimate elsewhere is one here. Each source is `satisfiable`, `unsatisfiable`, `undecided` (known when it is built) or
 * `not-for-architecture`. In a staged rebuild each has a `level`, some have `profiles` that open a cycle, and `cycles` names those
 * that stay.
 */
export function dryRunDocument(run: DryRun, subject: DryRunSubject): object {
  const { snapshot, suite, architecture, notForArchitecture, wallMs } = subject;
  const { stages } = run;
  const levelOf = new Map(
    stages?.levels.flatMap((places, level) => places.map((place) => [place, level] as const)),
  );
  const staging = (place: number): object => {
    const level = levelOf.get(place);
    const profiles = stages?.profiles.get(place);
    return { ...(level === undefined ? {} : { level }), ...(profiles === undefined ? {} : { profiles }) };
  };
  const nameOf = (place: number): string => run.sources[place]?.source.name ?? '';
  return {
    plan: { snapshot, suite, architecture, wallMs },
    sources: [
      ...run.sources.map((one, place) => ({ ...sourceDocument(one), ...staging(place) })),
      ...notForArchitecture.map(({ name, version }) => {
        return { source: name, version, class: 'not-for-architecture' };
      }),
    ],
    ...(stages === undefined ? {} : { cycles: stages.cycles.map((members) => members.map(nameOf)) }),
    totals: {
      sources: run.sources.length,
      ...(stages === undefined ? {} : { levels: stages.levels.length }),
      ...countClasses(run),
      notForArchitecture: notForArchitecture.length + countForeign(run),
      packages: run.packages,
      sourceFiles: run.sourceFiles,
      expected: run.expected,
      ...(run.layers === undefined ? {} : { layers: run.layers }),
    },
  };
}

/** How many of the sources can be built, as far as that is known. */
export function countClasses({ sources }: DryRun): {
  readonly satisfiable: number;
  readonly unsatisfiable: number;
  readonly undecided: number;
} {
  const count = (kind: DrySource['needs']['kind']): number =>
    sources.filter(({ needs }) => needs.kind === kind).length;
  return {
    satisfiable: count('resolved'),
    unsatisfiable: count('unsatisfiable'),
    undecided: count('undecided'),
  };
}

function countForeign({ sources }: DryRun): number {
  return sources.filter(({ needs }) => needs.kind === 'not-for-architecture').length;
}

function sourceDocument({ source, needs }: DrySource): object {
  const { name, version } = source;
  switch (needs.kind) {
    case 'resolved':
      return {
        source: name,
        version,
        class: 'satisfiable',
        packages: needs.packages,
        packageBytes: needs.bytes,
      };
    case 'unsatisfiable':
      return { source: name, version, class: 'unsatisfiable', explanation: needs.explanation };
    case 'not-for-architecture':
      return { source: name, version, class: needs.kind, explanation: needs.explanation };
    case 'undecided':
      return { source: name, version, class: 'undecided' };
  }
}
