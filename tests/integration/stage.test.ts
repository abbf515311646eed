// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { rebuilding, requires } from '../support/capabilities.ts';
import { pasekaJson } from '../support/paseka.ts';
import { type RebuildDocument, rebuild, taskOf } from '../support/rebuild-document.ts';
import { makeSourcePackage } from '../support/small-packages.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { makeState, type TestDistribution, testDistribution } from '../support/test-distribution.ts';

/** What a build wrote down as installed: `name (= version)` of the packages in question. */
function installedFor(document: RebuildDocument, source: string): string[] {
  const { log, artifacts } = taskOf(document, source);
  const name = artifacts.find(({ file }) => file.endsWith('.buildinfo'))?.file ?? '';
  const directory = join(dirname(dirname(log ?? '')), 'results', name.replace(/_[^_]*\.buildinfo$/, ''));
  const text = readFileSync(join(directory, name), 'utf8');
  return [...text.matchAll(/^ (hive-\w+ \(= [^)]*\))/gm)].map(([, one = '']) => one);
}

requires(...rebuilding)('a staged rebuild', () => {
  let distribution: TestDistribution;
  beforeAll(async () => {
    distribution = await testDistribution();
  });

  test('builds with what was built before it, and not with what failed', async () => {
    await using state = await makeState(distribution);
    await using scratch = await makeTemporaryDirectory('scratch-');
    const { path } = scratch;
    // alpha needs hive-tool, which needs hive-data
    const data = await makeSourcePackage({ name: 'hive-data', version: '2.0' }, path);
    const tool = await makeSourcePackage(
      {
        name: 'hive-tool',
        version: '2.0',
        buildDepends: 'hive-data',
        rules: '#!/usr/bin/make -f\n%:\n\texit 1\n',
      },
      path,
    );
    const words = ['--sources', distribution.sourcesFile, '--stage', '--jobs', '2', 'alpha', tool, data];
    const { document } = await rebuild(words, 1, { state: state.path });
    const levels = document.tasks.map(({ source, outcome, ...task }) => [source, task['level'], outcome]);
    expect(levels).toEqual([
      ['alpha', 2, 'built'],
      ['hive-tool', 1, 'failed'],
      ['hive-data', 0, 'built'],
    ]);
    expect(installedFor(document, 'alpha')).toEqual(['hive-data (= 2.0)', 'hive-tool (= 1.0)']);
  });

  test('a cycle is opened by a profile, and one that none opens is shown and built in one level', async () => {
    await using state = await makeState(distribution);
    await using scratch = await makeTemporaryDirectory('scratch-');
    const { path } = scratch;
    const staged = async (data: string, tool: string): Promise<Record<string, unknown>> => {
      const sources = [
        await makeSourcePackage({ name: 'hive-data', version: '2.0', buildDepends: data }, path),
        await makeSourcePackage({ name: 'hive-tool', version: '2.0', buildDepends: tool }, path),
      ];
      const words = ['rebuild', '--sources', distribution.sourcesFile, '--stage', '--dry-run', ...sources];
      return pasekaJson(words, 0, { state: state.path });
    };
    expect(await staged('hive-tool <!nocheck>', 'hive-data')).toMatchObject({
      sources: [
        { source: 'hive-data', level: 0, profiles: ['nocheck'] },
        { source: 'hive-tool', level: 1 },
      ],
      cycles: [],
    });
    expect(await staged('hive-tool', 'hive-data')).toMatchObject({
      sources: [{ level: 0 }, { level: 0 }],
      cycles: [['hive-data', 'hive-tool']],
    });
  });
});
