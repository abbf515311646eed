// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rebuilding, requires } from '../support/capabilities.ts';
import { paseka, pasekaJson, startPaseka } from '../support/paseka.ts';
import { readRebuildDocument, taskOf } from '../support/rebuild-document.ts';
import { buildPackageOfFiles } from '../support/rpm/package-of-files.ts';
import { rpmDistribution } from '../support/rpm/rpm-distribution.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

/** A source in a directory whose build is this line of shell. */
async function writeSource(directory: string, name: string, build: string): Promise<string> {
  const place = join(directory, name);
  await fs.mkdir(place);
  const lines = [
    ...[`Name: ${name}`, 'Version: 1', 'Release: 1', 'Summary: Tries something', 'License: MIT'],
    ...[
      'BuildArch: noarch',
      'BuildRequires: gcc',
      '%description',
      'It tries.',
      '%build',
      build,
      '%files',
      '',
    ],
  ];
  await fs.writeFile(join(place, `${name}.spec`), lines.join('\n'));
  return place;
}

requires(...rebuilding)('campaigns of an RPM distribution', () => {
  test('a trial is killed, gone on with, judged, compared, reported, tried again and cleared away', async () => {
    const { repoFile } = await rpmDistribution();
    await using place = await makeTemporaryDirectory('rpm-');
    const state = join(place.path, 'state');
    const own = await buildPackageOfFiles(
      { name: 'basesystem', files: { '/usr/share/meadow-own': 'of clover\n' } },
      place.path,
    );
    const sources = [
      await writeSource(place.path, 'robust', 'echo "it works"'),
      await writeSource(place.path, 'fragile', 'test ! -e /usr/share/meadow-own'),
      await writeSource(place.path, 'ruin', 'echo "error: it never worked" >&2; exit 1'),
      await writeSource(place.path, 'slow', 'echo begun; sleep 6'),
    ];
    const words = ['rebuild', '--sources', repoFile, '--with', own, '--verbose', '--jobs', '2', ...sources];
    await using running = startPaseka(words, { state });
    await running.said(/^begun$/m);
    running.kill('SIGKILL');
    await running.ended;
    const list = async (): Promise<readonly { readonly id: string; readonly status: string }[]> =>
      (
        await pasekaJson<{ campaigns: readonly { id: string; status: string }[] }>(['campaign', 'list'], 0, {
          state,
        })
      ).campaigns;
    const [killed] = await list();
    expect(killed).toMatchObject({ status: 'interrupted' });
    const id = killed?.id ?? '';

    const { status, stdout, stderr } = await paseka(['campaign', 'resume', id, '--json'], { state });
    expect(status, stderr).toBe(1);
    const document = readRebuildDocument(stdout);
    expect(document.campaign.id).toBe(id);
    expect(Object.fromEntries(document.tasks.map((task) => [task.source, task['verdict']]))).toEqual({
      robust: 'unchanged',
      fragile: 'regression',
      ruin: 'already-broken',
      slow: 'unchanged',
    });
    expect(taskOf(document, 'ruin')).toMatchObject({
      stage: 'build',
      reason: expect.stringContaining('it never worked'),
    });

    const [baseline] = (await list()).filter((one) => one.id !== id);
    const compared = await paseka(['campaign', 'compare', baseline?.id ?? '', id], { state });
    expect(compared.stdout).toMatch(/fragile/);
    const report = join(place.path, 'report');
    expect((await paseka(['campaign', 'report', id, '--html', report], { state })).status).toBe(0);
    expect(existsSync(join(report, 'index.html'))).toBe(true);

    const retried = await paseka(['campaign', 'retry', id, '--json'], { state });
    expect(taskOf(readRebuildDocument(retried.stdout), 'fragile').attempts).toBeGreaterThan(2);
    await pasekaJson(['campaign', 'delete', id], 0, { state });
    await pasekaJson(['gc', '--older-than', '1s'], 0, { state });
    expect(await fs.readdir(join(state, 'bases'))).toEqual([]);
    expect(await fs.readdir(join(state, 'layers'))).toEqual([]);
  });
});
