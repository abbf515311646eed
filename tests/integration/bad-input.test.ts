// SPDX-License-Identifier: GPL-2.0-or-later
import { appendFileSync, globSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineTests, makePlace } from '../support/engine-tests.ts';
import { type ErrorDocument, type PasekaOptions, paseka, pasekaJson } from '../support/paseka.ts';
import { withPrivateMounts } from '../support/private-mounts.ts';
import { rebuild, taskOf } from '../support/rebuild-document.ts';
import { makeSourcePackage } from '../support/small-packages.ts';

engineTests('bad input', (engine) => {
  async function refused(
    status: number,
    words: readonly string[],
    options: PasekaOptions,
  ): Promise<ErrorDocument['error']> {
    const { error } = await pasekaJson<ErrorDocument>(['rebuild', ...engine.from, ...words], status, options);
    expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
    return error;
  }

  test('sources that are none', async () => {
    await using place = await makePlace(engine);
    expect(await refused(2, ['gama'], place)).toEqual({
      code: 'unknown-source',
      message: 'the snapshot has no source gama',
      hint: 'did you mean gamma?',
    });
    expect(await refused(2, ['alpha=1.5'], place)).toMatchObject({
      code: 'unknown-source',
      hint: 'it has 1.1',
    });
    expect((await refused(2, [place.scratch], place)).code).toBe('bad-source-package');
    expect((await refused(2, ['./absent.dsc'], place)).code).toBe('bad-source-package');
    const dsc = await makeSourcePackage({ name: 'own' }, place.scratch);
    appendFileSync(dsc.replace(/\.dsc$/, '.tar.xz'), 'x');
    expect(await refused(2, [dsc], place)).toMatchObject({
      code: 'bad-source-package',
      message: expect.stringContaining('own_1.0.tar.xz'),
    });
    expect(globSync('campaigns/*', { cwd: place.state })).toEqual([]);
  });

  test('a file of the repository that is not what it promises is the host’s fault, never the package’s', async () => {
    await using place = await makePlace(engine);
    const { document } = await rebuild([...engine.from, '--retries', '1', 'spoilt', 'gamma'], 1, place);
    expect(taskOf(document, 'spoilt')).toMatchObject({
      outcome: 'host-fault',
      code: 'file-corrupt',
      message: expect.stringContaining('spoilt_1.0.tar.xz'),
      attempts: 1,
    });
    expect(taskOf(document, 'gamma').outcome).toBe('built');
  });

  test('a corrupted file of the pool is found and fetched again', async () => {
    await using place = await makePlace(engine);
    await rebuild([...engine.from, '--no-install-check', 'alpha'], 0, place);
    const pooled = globSync('pool/??/*', { cwd: place.state }).map((name) => join(place.state, name));
    const own = pooled.filter((path) => readFileSync(path).includes('hive-tool'));
    expect(own.length).toBeGreaterThan(0);
    for (const path of own) {
      writeFileSync(`${path}.spoilt`, Buffer.alloc(readFileSync(path).length, 'x'));
      renameSync(`${path}.spoilt`, path);
    }
    await rebuild([...engine.from, '--no-install-check', 'alpha'], 0, place);
    for (const path of own) expect(readFileSync(path).includes('hive-tool')).toBe(true);
  });

  test('state directories that can’t be used', async () => {
    await using place = await makePlace(engine);
    const state = join(place.scratch, 'state');
    await mkdir(state);
    writeFileSync(join(state, 'version'), '99\n');
    expect((await refused(3, ['gamma'], { state })).code).toBe('state-newer');
    expect(globSync('*', { cwd: state }), 'nothing is touched').toEqual(['version']);
    writeFileSync(join(place.scratch, 'file'), '');
    expect((await refused(3, ['gamma'], { state: join(place.scratch, 'file/state') })).code).toBe(
      'state-not-writable',
    );
    expect((await refused(2, ['gamma'], { state: '/etc' })).code).toBe('bad-option');
  });

  test('a full disk, while freezing and while making a base: nothing is half-written', async () => {
    await using place = await makePlace(engine);
    const state = join(place.scratch, 'small-disk');
    await mkdir(state);
    for (const size of ['100k', '12m']) {
      // what is left is looked at before the file system goes with its namespace
      const script = `mount -t tmpfs -o size=${size} none "$1" && state=$1 && shift && { "$@"; status=$?; ls $state/snapshots $state/bases $state/tmp $state/run >&2; exit $status; }`;
      const options: PasekaOptions = {
        state,
        wrap: (command) => withPrivateMounts(script, [state, ...command]),
      };
      const result = await paseka(['rebuild', '--json', ...engine.from, 'gamma'], options);
      expect(result.status, result.stderr + result.stdout).toBe(3);
      expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'disk-full' } });
      const left = result.stderr.slice(result.stderr.indexOf(`${state}/bases:`)).split('\n');
      const entries = left.filter((line) => line !== '' && !line.endsWith(':'));
      expect(entries.filter((name) => !/^[0-9a-f]{64}$/.test(name))).toEqual([]);
      expect(entries.length, 'at most a whole snapshot').toBeLessThanOrEqual(1);
    }
  });
});
