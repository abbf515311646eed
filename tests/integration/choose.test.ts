// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { rebuilding, requires } from '../support/capabilities.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { rebuild } from '../support/rebuild-document.ts';
import { makeSourcePackage } from '../support/small-packages.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { makeState, type TestDistribution, testDistribution } from '../support/test-distribution.ts';

interface PlanDocument {
  readonly sources: readonly { readonly source: string }[];
  readonly totals: {
    readonly packages: { readonly files: number; readonly missingFiles: number };
    readonly expected: Readonly<Record<'wallMs' | 'cpuMs' | 'memoryBytes' | 'workers' | 'known', number>>;
  };
}

requires(...rebuilding)('choosing and planning', () => {
  let distribution: TestDistribution;
  beforeAll(async () => {
    distribution = await testDistribution();
  });
  const plan = (...words: string[]): string[] => {
    return ['rebuild', '--dry-run', '--sources', distribution.sourcesFile, ...words];
  };

  test('a dry run of everything says what is needed and what can not be had, and does nothing', async () => {
    await using state = await makeState(distribution);
    const pool = (): number => readdirSync(join(state.path, 'pool'), { recursive: true }).length;
    const before = pool();
    const document = await pasekaJson<PlanDocument>(plan('--all'), 0, { state: state.path });
    const { sources } = document;
    const needs = Object.fromEntries(sources.map((one) => [one.source, one]));
    expect(needs).toMatchObject({
      alpha: { version: '1.1', class: 'satisfiable', packages: 2 },
      beta: { class: 'satisfiable', packages: 1 },
      gamma: { class: 'satisfiable', packages: 0, packageBytes: 0 },
      unsatisfiable: {
        class: 'unsatisfiable',
        explanation: expect.stringContaining('nowhere-to-be-found'),
      },
      'unknown-dependency': {
        class: 'unsatisfiable',
        explanation: expect.stringContaining('hive-dada'),
      },
    });
    const { length } = sources;
    expect(document.totals).toMatchObject({
      sources: length,
      satisfiable: length - 2,
      unsatisfiable: 2,
      undecided: 0,
      notForArchitecture: 0,
    });
    expect(document.totals.expected.known).toBe(0);
    for (const part of ['wallMs', 'cpuMs', 'memoryBytes', 'workers'] as const)
      expect(document.totals.expected[part], part).toBeGreaterThan(0);
    const { files, missingFiles } = document.totals.packages;
    expect(files, 'the two of alpha at least').toBeGreaterThanOrEqual(2);
    expect(missingFiles, 'nothing is fetched yet').toBe(files);
    expect(pool()).toBe(before);
    expect(readdirSync(join(state.path, 'campaigns'))).toEqual([]);
  });

  test('selectors together, and sources of the user’s own', async () => {
    await using state = await makeState(distribution);
    await using scratch = await makeTemporaryDirectory('scratch-');
    const dsc = await makeSourcePackage({ name: 'own', buildDepends: 'hive-data' }, scratch.path);
    const words = plan('--reverse-build-depends-of', 'hive-tool', '--match', '*mm?', dsc);
    const document = await pasekaJson<PlanDocument>(words, 0, { state: state.path });
    expect(document.sources).toMatchObject([
      { source: 'own', class: 'satisfiable', packages: 1 },
      { source: 'gamma', class: 'satisfiable' },
      { source: 'alpha', class: 'satisfiable' },
    ]);
    const text = await paseka(plan('--all', '--exclude', '*a'), { state: state.path });
    expect(text).toMatchObject({ status: 0 });
    expect(text.stdout).toMatch(/^\d+ sources of small .*\n {2}can be built +\d+\n {2}can not +2\n/);
    expect(text.stdout).toContain("unknown-dependency 1.0 can't be built:\n");
  });

  test('what did not pass in an earlier campaign', async () => {
    await using state = await makeState(distribution);
    const words = [
      '--sources',
      distribution.sourcesFile,
      '--no-install-check',
      'gamma',
      'unknown-dependency',
    ];
    const { document } = await rebuild(words, 1, { state: state.path });
    const { id } = document.campaign;
    const again = await pasekaJson<PlanDocument>(plan('--failed-in', id), 0, { state: state.path });
    expect(again.sources.map(({ source }) => source)).toEqual(['unknown-dependency']);
    expect(await pasekaJson(plan('--failed-in', 'nowhere'), 2, { state: state.path })).toMatchObject({
      error: { code: 'unknown-campaign' },
    });
  });

  test('a selector that stands for nothing is named', async () => {
    await using state = await makeState(distribution);
    const refused = await pasekaJson(plan('--section', 'mics'), 2, { state: state.path });
    expect(refused).toEqual({
      error: {
        code: 'empty-selection',
        message: '--section mics selects nothing',
        hint: 'did you mean misc?',
      },
    });
    const seedless = await pasekaJson(plan('--all', '--seed', '7'), 2, { state: state.path });
    expect(seedless).toMatchObject({ error: { code: 'bad-option', message: '--seed without --sample' } });
  });
});
