// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Sha256, sha256 } from '../../src/base/digest.ts';
import { takeOver } from '../../src/campaign/reuse-result.ts';
import { openDatabase } from '../../src/db/database.ts';
import { type EarlierResult, EarlierResults } from '../../src/db/earlier-results.ts';
import type { CampaignEvent, RecordedEvent } from '../../src/events/events.ts';
import { campaignStarted, taskEvents } from '../support/campaign-events.ts';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { pasekaJson } from '../support/paseka.ts';
import { type RebuildDocument, rebuild, taskOf } from '../support/rebuild-document.ts';
import { makeBinaryPackage } from '../support/small-packages.ts';
import { SmallRepository } from '../support/small-repository.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { writeEvents } from '../support/write-campaign.ts';

/** Of each source the campaign whose result was taken over, null where it was built. */
function reusedIn(document: RebuildDocument): Record<string, unknown> {
  return Object.fromEntries(document.tasks.map((task) => [task.source, task['reusedFrom'] ?? null]));
}

/** What was taken over says so in its log, and has no phase of a build. */
function expectNotBuilt(document: RebuildDocument, source: string): void {
  const { artifacts, ...task } = taskOf(document, source);
  const phases = (task['phases'] as readonly { phase: string }[]).map(({ phase }) => phase);
  expect(phases, source).not.toContain('build');
  for (const { file, sha256: digest } of artifacts) {
    const place = `${source}_${task.version.replace(':', '%3a')}`;
    const path = join(String(document.campaign['directory']), 'results', place, file);
    expect(sha256(readFileSync(path))).toBe(digest);
  }
}

engineTests('results of earlier campaigns', (engine) => {
  const sources = ['alpha', 'beta', 'gamma'];
  const build = async (place: Place, ...words: readonly string[]): Promise<RebuildDocument> =>
    (await rebuild([...engine.from, ...words, ...sources], 0, place)).document;

  test('the same again builds nothing; a changed package rebuilds what needs it, and nothing else', async () => {
    await using place = await makePlace(engine);
    const first = await build(place);
    const { id } = first.campaign;
    expect(reusedIn(first)).toEqual({ alpha: null, beta: null, gamma: null });
    const again = await build(place);
    expect(reusedIn(again)).toEqual({ alpha: id, beta: id, gamma: id });
    for (const source of sources) expectNotBuilt(again, source);
    expect(again.totals).toMatchObject({ built: 3, installChecks: 4, installChecksPassed: 4 });

    // alpha needs the tool, which needs the data; beta needs the data only, gamma neither
    const tool = await makeBinaryPackage(
      { name: 'hive-tool', version: '2.0', fields: { Depends: 'hive-data' } },
      join(place.scratch, 'tool'),
    );
    const withTool = await build(place, '--with', tool);
    expect(reusedIn(withTool)).toEqual({ alpha: null, beta: id, gamma: id });
    expectNotBuilt(withTool, 'beta');
    const data = await makeBinaryPackage({ name: 'hive-data', version: '3.0' }, join(place.scratch, 'data'));
    expect(reusedIn(await build(place, '--with', data))).toEqual({ alpha: null, beta: null, gamma: id });
    // the same change once more, now as a directory
    expect(reusedIn(await build(place, '--with', join(place.scratch, 'tool')))).toEqual({
      alpha: withTool.campaign.id,
      beta: id,
      gamma: id,
    });
    expect(reusedIn(await build(place, '--no-reuse'))).toEqual({ alpha: null, beta: null, gamma: null });
    const nocheck = await build(place, '--profile', 'nocheck');
    expect(reusedIn(nocheck), 'another profile is another build').toEqual({
      alpha: null,
      beta: null,
      gamma: null,
    });
  });

  test('a newer snapshot rebuilds only what it reaches', async () => {
    await using place = await makePlace(engine);
    const words = ['--no-install-check'];
    const before = await build(place, ...words);
    await using newer = await SmallRepository.make({ suite: 'newer', hasSources: false });
    await newer.addBinary({ name: 'hive-tool', version: '1.1', fields: { Depends: 'hive-data' } });
    await newer.publish();
    const sourcesFile = join(place.scratch, 'both.sources');
    const stanza = `Types: deb\nURIs: file:${newer.directory}\nSuites: newer\nComponents: main\nSigned-By: ${newer.key.keyring}\n`;
    writeFileSync(sourcesFile, `${readFileSync(engine.distribution.sourcesFile, 'utf8')}\n${stanza}`);
    const { document } = await rebuild(['--sources', sourcesFile, ...words, ...sources], 0, place);
    const { id } = before.campaign;
    expect(document.campaign.snapshot).not.toBe(before.campaign.snapshot);
    expect(reusedIn(document)).toEqual({ alpha: null, beta: id, gamma: id });
  });

  test('what was taken over stays where the campaign that built it is deleted, and is taken over from there', async () => {
    await using place = await makePlace(engine);
    const first = await build(place, '--no-install-check');
    const second = await build(place, '--no-install-check');
    await pasekaJson(['campaign', 'delete', first.campaign.id], 0, place);
    for (const source of sources) expectNotBuilt(second, source);
    const third = await build(place, '--no-install-check');
    const { id } = second.campaign;
    expect(reusedIn(third)).toEqual({ alpha: id, beta: id, gamma: id });
    // and where the files are gone, it is built
    rmSync(join(place.state, 'campaigns', id, 'results'), { recursive: true });
    rmSync(join(place.state, 'campaigns', third.campaign.id, 'results/gamma_0.1~rc1'), { recursive: true });
    expect(reusedIn(await build(place, '--no-install-check'))).toEqual({
      alpha: third.campaign.id,
      beta: third.campaign.id,
      gamma: null,
    });
  });
});

const inputs = 'd'.repeat(64) as Sha256;
const content = 'a package\n';

/** An earlier campaign's result on disk. */
function earlier(campaigns: string, campaign: string, log: string, text = content): EarlierResult {
  const place = join(campaigns, campaign, 'results', log.slice('logs/'.length, -'.log'.length));
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'x.deb'), text);
  return {
    campaign,
    attempt: 1,
    log,
    artifacts: [{ file: 'x.deb', bytes: content.length, sha256: sha256(content) }],
  };
}

test('only a result whose files are as they were is taken over, whatever its directory is named', async () => {
  await using directory = await makeTemporaryDirectory('reuse-');
  const campaigns = directory.path;
  const resultsDirectory = join(campaigns, 'new/results/x_1%3a1');
  const take = (...results: readonly EarlierResult[]): ReturnType<typeof takeOver> =>
    takeOver({ resultsDirectory }, inputs, { campaigns, earlier: { find: () => [...results] } });
  const log = 'logs/x_1%3a1.log';
  const spoilt = earlier(campaigns, 'spoilt', log, 'b package\n');
  const short = earlier(campaigns, 'short', log, 'a');
  const { artifacts } = spoilt;
  const gone = { campaign: 'gone', attempt: 1, log, artifacts };
  const empty = { ...earlier(campaigns, 'empty', log), artifacts: [] };
  expect(await take(spoilt, short, gone, empty)).toBeUndefined();
  expect(existsSync(resultsDirectory)).toBe(false);
  const old = earlier(campaigns, 'old', 'logs/x_1.log');
  expect(await take(spoilt, old)).toBe(old);
  expect(readFileSync(join(resultsDirectory, 'x.deb'), 'utf8')).toBe(content);
  const own = { ...old, campaign: 'new', log };
  expect(await take(own), 'its own result is none of an earlier campaign').toBeUndefined();
});

test('earlier results are found by their inputs: newest first, taken over ones after those that were built', async () => {
  using database = openDatabase(':memory:');
  const record = async (campaign: string, reused: boolean, digest: string): Promise<void> => {
    const events = taskEvents(0, 'x', { kind: 'built' }).flatMap((event): CampaignEvent[] => {
      if (event.type === 'dependencies-resolved') return [{ ...event, inputs: digest }];
      if (event.type !== 'attempt-ended' || !reused) return [event];
      return [{ type: 'task-reused', task: event.task, campaign: 'other' }, event];
    });
    const all = [campaignStarted(campaign), ...events, { type: 'campaign-ended' as const, cancelled: false }];
    await writeEvents(
      database,
      all.map((event, index): RecordedEvent => ({ ...event, seq: index + 1, at: 1000 - index })),
    );
  };
  await record('a', false, inputs);
  await record('b', true, inputs);
  await record('c', false, inputs);
  await record('d', false, 'e'.repeat(64));
  const found = new EarlierResults(database).find(inputs, 5);
  expect(found.map(({ campaign }) => campaign)).toEqual(['c', 'a', 'b']);
  expect(found[0]).toMatchObject({ attempt: 1, log: 'logs/x_1-1.log', artifacts: [{ file: 'x_1_all.deb' }] });
  expect(new EarlierResults(database).find(inputs, 1)).toHaveLength(1);
});
