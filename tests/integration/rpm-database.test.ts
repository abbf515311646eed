// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeBase } from '../../src/distro/rpm/make-base.ts';
import { hashFile } from '../../src/host/hash-file.ts';
import { rebuilding, requires } from '../support/capabilities.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { rebuild, taskOf } from '../support/rebuild-document.ts';
import { packagesWithDatabase } from '../support/rpm/other-database.ts';
import { type RpmDistribution, rpmDistribution } from '../support/rpm/rpm-distribution.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

const otherPlace = '/usr/lib/sysimage/rpm';

requires(...rebuilding, 'userns')('a distribution whose rpm keeps its database in its own way', () => {
  let distribution: RpmDistribution;
  let place: TemporaryDirectory;

  beforeAll(async () => {
    distribution = await rpmDistribution();
    place = await makeTemporaryDirectory('database-');
  });
  afterAll(() => place[Symbol.asyncDispose]());

  test('at another place: bases, layers, builds and install checks find what was planned there', async () => {
    const repository = join(place.path, 'elsewhere');
    await packagesWithDatabase(distribution, { path: otherPlace, backend: 'sqlite' }, repository);
    await runTool(['createrepo_c', '--quiet', '--no-database', '--workers=2', repository]);
    const state = join(place.path, 'state');
    const from = ['--repo', repository, '--repo', distribution.sources];
    const { document } = await rebuild(['features', 'dynamic-requires', ...from], 0, { state });
    expect(taskOf(document, 'features').installChecks).toMatchObject([{ outcome: 'passed', warnings: [] }]);
    const script = `rpm --query --all --qf '%{NAME}\\n' | wc -l; ls -A /var/lib/rpm; echo ${otherPlace}/rpmdb*`;
    const said = await paseka(['run', ...from, '--', 'sh', '-c', script], { state });
    const [base] = (await basesOf(state)).filter(({ variant }) => variant === 'build');
    const files = ['', '-shm', '-wal'].map((ending) => `${otherPlace}/rpmdb.sqlite${ending}`).join(' ');
    expect(said.stdout).toBe(`${base?.packages}\n${files}\n`);
    const layer = ['layer', 'compare', 'dynamic-requires', ...from];
    expect(await pasekaJson(layer, 0, { state })).toMatchObject({ equal: true });
  });

  test('in another format: it is made by the root’s own rpm, and a root whose rpm can not is refused', async () => {
    const database = { path: '/var/lib/rpm', backend: 'ndb' } as const;
    const paths = await packagesWithDatabase(distribution, database, join(place.path, 'ndb'));
    const files = paths.map(async (path) => ({
      ...{ name: basename(path, '.rpm'), version: '', architecture: '', fileName: basename(path) },
      ...{ url: path, bytes: 0, sha256: await hashFile(path) },
    }));
    const directory = join(place.path, 'root');
    const scratchDirectory = join(place.path, 'scratch');
    await fs.mkdir(scratchDirectory);
    const made = makeBase({
      ...{ frozenDirectory: '', architecture: 'x86_64', variant: 'build', directory, scratchDirectory },
      packages: await Promise.all(files),
      pathOf: (file) => file.url,
      onOutput: () => undefined,
    });
    // the distribution's rpm is this host's
    if (await hasFormat('ndb', place.path)) {
      await made;
      expect(await fs.readdir(join(directory, 'var/lib/rpm'))).not.toContain('rpmdb.sqlite');
    } else {
      await expect(made).rejects.toMatchObject({
        code: 'base-failed',
        message: expect.stringMatching(
          /its own rpm finds 0 of \d+ packages; .*invalid %_db_backend: ndb/s,
        ) as string,
      });
    }
  });
});

async function basesOf(state: string): Promise<{ readonly variant: string; readonly packages: number }[]> {
  const names = await fs.readdir(join(state, 'bases'));
  const texts = names.map((name) => fs.readFile(join(state, 'bases', name, 'base.json'), 'utf8'));
  return (await Promise.all(texts)).map((text) => JSON.parse(text) as { variant: string; packages: number });
}

async function hasFormat(format: string, directory: string): Promise<boolean> {
  const words = ['--define', `_dbpath ${directory}/tried`, '--define', `_db_backend ${format}`];
  return !(await runTool(['sh', '-c', 'rpmdb "$@" --initdb 2>&1', 'sh', ...words])).includes('invalid');
}
