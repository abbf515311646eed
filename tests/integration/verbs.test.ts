// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, globSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { buildingWith, engineTests, makePlace } from '../support/engine-tests.ts';
import { type ErrorDocument, paseka, pasekaJson, startPaseka } from '../support/paseka.ts';

engineTests('run, resolve, workdir', (engine) => {
  test('run: the command’s words, status, user, packages and memory', async () => {
    await using place = await makePlace(engine);
    const run = (options: readonly string[], ...command: readonly string[]): ReturnType<typeof paseka> =>
      paseka(['run', ...engine.from, ...options, '--', ...command], place);
    expect(await run([], 'sh', '-c', 'id -u; pwd; echo trouble >&2')).toMatchObject({
      status: 0,
      stdout: '0\n/root\n',
      stderr: 'trouble\n',
    });
    expect(await run(['--as', 'builder'], 'sh', '-c', 'id -un; pwd; exit 9')).toMatchObject({
      status: 1,
      stdout: 'builder\n/build\n',
      stderr: expect.stringContaining('status 9'),
    });
    expect(await run(['--packages', 'hive-tool'], 'hive-tool')).toMatchObject({
      status: 0,
      stdout: 'the hive tool\n',
    });
    const older = await run(
      ['--base', 'minimal', '--packages', 'hive-data=0.9'],
      'dpkg-query',
      '-Wf${Version}',
      'hive-data',
    );
    expect(older).toMatchObject({ status: 0, stdout: '0.9' });
    expect(
      (await run(['--base', 'minimal'], 'gcc', '--version')).status,
      'no compiler in a minimal base',
    ).toBe(1);
    expect(await run(['--upper-size', '20M'], 'head', '-c', '50M', '/dev/zero')).toMatchObject({ status: 0 });
    const document = await pasekaJson(['run', ...engine.from, '--', 'sh', '-c', 'exit 3'], 1, place);
    expect(document).toMatchObject({ end: 'exited', exitCode: 3, wallMs: expect.any(Number) });
  });

  test('run: a base that somebody has spoilt is made anew, and the old one is garbage', async () => {
    await using place = await makePlace(engine);
    const [minimal = ''] = globSync('bases/*/base.json', { cwd: place.state }).filter((name) =>
      readFileSync(join(place.state, name), 'utf8').includes('"minimal"'),
    );
    const base = dirname(minimal);
    await fs.rm(join(place.state, base, 'root/usr/bin/id'));
    const words = ['run', ...engine.from, '--base', 'minimal', '--', 'id', '-u'];
    expect(await paseka(words, place)).toMatchObject({
      status: 0,
      stdout: '0\n',
      stderr: expect.stringContaining('making it anew'),
    });
    const [damaged = ''] = globSync(`${base}-damaged-*`, { cwd: place.state });
    expect(existsSync(join(place.state, damaged, 'root/usr/bin/env'))).toBe(true);
    expect(await paseka(words, place)).toMatchObject({ status: 0, stderr: '' });
    expect(await pasekaJson(['gc'], 0, place)).toMatchObject({ removed: [{ what: 'base' }] });
    expect(globSync('bases/*', { cwd: place.state })).toHaveLength(2);
  });

  test('run: packages that are not there or can’t be installed', async () => {
    await using place = await makePlace(engine);
    const refused = (packages: string): Promise<ErrorDocument> =>
      pasekaJson<ErrorDocument>(['run', ...engine.from, '--packages', packages, '--', 'true'], 2, place);
    expect((await refused('hive-tol')).error).toEqual({
      code: 'unknown-package',
      message: 'the snapshot has no package hive-tol',
      hint: expect.stringContaining('hive-tool'),
    });
    expect((await refused('needs-nothing-there')).error).toMatchObject({
      code: 'unsatisfiable-packages',
      message: expect.stringContaining('nowhere-to-be-found'),
    });
    expect((await refused('bad-installation')).error.code).toBe('unsatisfiable-packages');
    expect((await paseka(['shell', ...engine.from], place)).status, 'no terminal').toBe(2);
  });

  test('resolve: what would be installed, sorted by name', async () => {
    await using place = await makePlace(engine);
    const resolve = (...words: string[]): string[] => ['resolve', ...engine.from, ...words];
    const hive = [
      { name: 'hive-data', version: '1.0', architecture: 'all' },
      { name: 'hive-tool', version: '1.0', architecture: 'all' },
    ];
    expect(await pasekaJson(resolve('alpha'), 0, place)).toEqual({
      source: 'alpha',
      version: '1.1',
      packages: hive,
      decidedBy: 'paseka',
    });
    expect(await pasekaJson(resolve('alpha=1.0'), 0, place)).toEqual({
      source: 'alpha',
      version: '1.0',
      packages: [],
      decidedBy: 'paseka',
    });
    expect(await pasekaJson(resolve('--package', 'hive-tool', '--package', 'service'), 0, place)).toEqual({
      packages: [...hive, { name: 'service', version: '1.0', architecture: 'all' }],
      decidedBy: 'paseka',
    });
    expect(await pasekaJson(resolve('unsatisfiable'), 1, place)).toMatchObject({
      source: 'unsatisfiable',
      packages: [],
      unsatisfiable: expect.stringContaining('nowhere-to-be-found'),
    });
    expect(await pasekaJson(resolve('vanished'), 0, place), 'a file of it is gone').toMatchObject({
      source: 'vanished',
    });
    expect(await pasekaJson(resolve('alhpa'), 2, place)).toEqual({
      error: {
        code: 'unknown-source',
        message: 'the snapshot has no source alhpa',
        hint: 'did you mean alpha?',
      },
    });
    expect(await pasekaJson(resolve('alpha=9'), 2, place)).toMatchObject({
      error: { code: 'unknown-source', hint: 'it has 1.1' },
    });
  });

  test('workdir run: private clones at one path, and what each wrote', async () => {
    await using place = await makePlace(engine);
    const from = join(place.scratch, 'prepared');
    await fs.mkdir(from);
    await fs.writeFile(join(from, 'shared'), 'x'.repeat(100_000));
    const command = [
      'sh',
      '-c',
      'cd /srv/work && echo $PASEKA_CLONE > own && cat own shared | wc -c; exit $PASEKA_CLONE',
    ];
    const words = ['workdir', 'run', '--from', from, '--at', '/srv/work', '--clones', '3', '--', ...command];
    const document = await pasekaJson<{ clones: { writtenBytes: number }[] }>(words, 1, place);
    expect(document.clones).toEqual(
      [0, 1, 2].map((index) => ({
        index,
        exitCode: index,
        writtenBytes: expect.any(Number),
        wallMs: expect.any(Number),
      })),
    );
    for (const { writtenBytes } of document.clones) expect(writtenBytes).toBeLessThan(50_000);
    expect(readdirSync(from)).toEqual(['shared']);
    expect(existsSync('/srv/work')).toBe(false);
  });
});

engineTests('snapshots and garbage', (engine) => {
  interface Listed {
    readonly snapshots: readonly { readonly id: string; readonly suite: string }[];
  }

  test('snapshot create, list, show, remove', async () => {
    await using place = await makePlace(engine);
    const again = await pasekaJson<{ snapshot: { id: string } }>(
      ['snapshot', 'create', ...engine.from],
      0,
      place,
    );
    expect(again.snapshot).toMatchObject({ suite: 'small', isNew: false });
    const { id } = again.snapshot;
    expect((await pasekaJson<Listed>(['snapshot', 'list'], 0, place)).snapshots).toMatchObject([
      { id, suite: 'small' },
    ]);
    expect(await pasekaJson(['snapshot', 'show', id.slice(0, 8)], 0, place)).toMatchObject({
      snapshot: { id },
    });
    expect(await pasekaJson(['snapshot', 'show', '0123'], 2, place)).toMatchObject({
      error: { code: 'unknown-snapshot' },
    });
    expect(await pasekaJson(['snapshot', 'remove', id.slice(0, 12)], 0, place)).toEqual({ removed: id });
    expect((await pasekaJson<Listed>(['snapshot', 'list'], 0, place)).snapshots).toEqual([]);
    const gone = await pasekaJson(['resolve', '--snapshot', id, 'alpha'], 2, place);
    expect(gone).toMatchObject({ error: { code: 'unknown-snapshot' } });
  });

  interface Garbage {
    readonly removed: readonly { readonly what: string; readonly name: string; readonly bytes: number }[];
    readonly freedBytes: number;
    readonly keptBytes: number;
    readonly dryRun: boolean;
  }

  test('gc: nothing that is young, what is old, and bases without a snapshot', async () => {
    await using place = await makePlace(engine);
    const gc = (...words: string[]): Promise<Garbage> => pasekaJson<Garbage>(['gc', ...words], 0, place);
    expect(await gc()).toMatchObject({ removed: [], freedBytes: 0, dryRun: false });
    const pool = join(place.state, 'pool');
    const files = async (): Promise<string[]> =>
      (await fs.readdir(pool, { recursive: true })).filter((name) => /\/[0-9a-f]{64}$/.test(name));
    const [first = ''] = await files();
    await fs.copyFile(join(pool, first), join(pool, `${first}.own`)); // the file is a link that others share
    await fs.rename(join(pool, `${first}.own`), join(pool, first));
    utimesSync(join(pool, first), 1, 1);
    const dry = await gc('--older-than', '30d', '--dry-run');
    expect(dry).toMatchObject({ dryRun: true, removed: [{ what: 'package', name: first.slice(3, 15) }] });
    expect(await files()).toContain(first);
    expect(await gc('--older-than', '30d')).toMatchObject({ freedBytes: dry.freedBytes, dryRun: false });
    expect(await files()).not.toContain(first);

    const { snapshots } = await pasekaJson<Listed>(['snapshot', 'list'], 0, place);
    await pasekaJson(['snapshot', 'remove', snapshots[0]?.id ?? ''], 0, place);
    const orphans = await gc();
    expect(orphans.removed.map(({ what }) => what)).toEqual(['base', 'base']);
    expect(readdirSync(join(place.state, 'bases'))).toEqual([]);
    const all = await gc('--max-size', '1');
    expect(all.keptBytes).toBe(0);
    expect(await files()).toEqual([]);
  });

  test('while a campaign runs: no gc, no second campaign, no removal of its snapshot; other verbs go on', async () => {
    await using place = await makePlace(engine);
    const waiting = await place.source(buildingWith('waiting', 'echo begun; sleep infinity'));
    await using campaign = startPaseka(['rebuild', ...engine.from, '--verbose', waiting], place);
    await campaign.said(/^begun$/m);
    const busy = { error: { code: 'state-busy', message: expect.any(String), hint: expect.any(String) } };
    expect(await pasekaJson(['gc'], 3, place)).toEqual(busy);
    expect(await pasekaJson(['rebuild', ...engine.from, 'gamma'], 3, place)).toEqual(busy);
    const { snapshots } = await pasekaJson<Listed>(['snapshot', 'list'], 0, place);
    expect(await pasekaJson(['snapshot', 'remove', snapshots[0]?.id ?? ''], 2, place)).toMatchObject({
      error: { code: 'snapshot-in-use' },
    });
    expect(await paseka(['run', ...engine.from, '--', 'echo', 'beside'], place)).toMatchObject({
      status: 0,
      stdout: 'beside\n',
    });
    campaign.kill('SIGHUP');
    expect((await campaign.ended).status).toBe(1);
    expect(await pasekaJson(['gc'], 0, place)).toMatchObject({ removed: [] });
  });
});
