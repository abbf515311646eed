// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asOrdinaryUser } from '../support/as-ordinary-user.ts';
import { rebuilding, requires } from '../support/capabilities.ts';
import { makeOrdinaryUser, type OrdinaryUser } from '../support/ordinary-user.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { rebuild, taskOf } from '../support/rebuild-document.ts';
import { type TestDistribution, testDistribution } from '../support/test-distribution.ts';

requires(...rebuilding, 'userns')('an ordinary user', () => {
  let distribution: TestDistribution;
  let user: OrdinaryUser;
  beforeAll(async () => {
    distribution = await testDistribution();
    user = await makeOrdinaryUser();
  });
  afterAll(() => user[Symbol.asyncDispose]());

  test('rebuilds and checks, runs commands and clones, without any privilege', async () => {
    const state = join(user.home, 'state');
    await using asUser = await asOrdinaryUser(user, state);
    const from = ['--sources', distribution.sourcesFile];
    const { document } = await rebuild([...from, 'beta', 'gamma'], 0, asUser);
    expect(taskOf(document, 'beta').installChecks).toMatchObject([
      { outcome: 'passed' },
      { outcome: 'passed' },
    ]);
    expect(await fs.readdir(join(state, 'run'))).toEqual([]);

    const run = ['run', ...from, '--packages', 'hive-tool', '--', 'sh', '-c', 'id -u; hive-tool'];
    expect(await paseka(run, asUser)).toMatchObject({ status: 0, stdout: '0\nthe hive tool\n' });

    const prepared = join(user.home, 'prepared');
    await fs.mkdir(prepared);
    await fs.writeFile(join(prepared, 'file'), 'shared\n');
    await fs.chown(prepared, user.uid, user.gid);
    const words = [
      'workdir',
      'run',
      '--from',
      prepared,
      '--clones',
      '4',
      '--',
      'sh',
      '-c',
      `echo own > ${prepared}/own && cat ${prepared}/file`,
    ];
    const { clones } = await pasekaJson<{ clones: object[] }>(words, 0, asUser);
    expect(clones).toMatchObject([0, 1, 2, 3].map((index) => ({ index, exitCode: 0 })));
    expect(await fs.readdir(prepared)).toEqual(['file']);
    const listed = await pasekaJson<{ snapshots: object[] }>(['snapshot', 'list'], 0, asUser);
    expect(listed.snapshots).toHaveLength(1);
  });

  test('somebody else’s state directory, and a user without subordinate ids', async () => {
    const from = ['--sources', distribution.sourcesFile];
    await using elsewhere = await asOrdinaryUser(user, distribution.preparedState);
    expect(await pasekaJson(['rebuild', ...from, 'gamma'], 3, elsewhere)).toEqual({
      error: {
        code: 'state-not-writable',
        message: expect.stringContaining(distribution.preparedState),
        hint: expect.stringContaining('--state-dir'),
      },
    });
    await using nobody = await asOrdinaryUser(
      { uid: 65534, gid: 65534, home: user.home },
      '/tmp/nobody-state',
    );
    expect(await pasekaJson(['rebuild', ...from, 'gamma'], 3, nobody)).toEqual({
      error: {
        code: 'no-subordinate-ids',
        message: expect.stringContaining('nobody'),
        hint: expect.stringContaining('usermod --add-subuids'),
      },
    });
  });
});
