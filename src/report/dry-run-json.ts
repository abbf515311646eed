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
 * `not-for-architecture`.
 */
export function dryRunDocument(run: DryRun, subject: DryRunSubject): object {
  const { snapshot, suite, architecture, notForArchitecture, wallMs } = subject;
  return {
    plan: { snapshot, suite, architecture, wallMs },
    sources: [
      ...run.sources.map(sourceDocument),
      ...notForArchitecture.map(({ name, version }) => {
        return { source: name, version, class: 'not-for-architecture' };
      }),
    ],
    totals: {
      sources: run.sources.length,
      ...countClasses(run),
      notForArchitecture: notForArchitecture.length,
      packages: run.packages,
      sourceFiles: run.sourceFiles,
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
    case 'undecided':
      return { source: name, version, class: 'undecided' };
  }
}
