// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { debian } from '../../src/distro/deb/debian.ts';
import { engineTests } from '../support/engine-tests.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { SmallRepository } from '../support/small-repository.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { sourcesText } from '../support/test-repository.ts';

interface CheckDocument {
  readonly unsatisfiable: readonly { readonly source: string; readonly why: string }[];
  readonly uninstallable: readonly { readonly package: string; readonly why: string }[];
  readonly wallMs: number;
}

engineTests('check', (engine) => {
  test('all that is broken with the reasons, without a base, and nothing else in the document', async () => {
    await using state = await makeTemporaryDirectory('state-');
    const place = { state: state.path };
    const nothing = '    but there is no package nowhere-to-be-found, and nothing provides it';
    expect(await pasekaJson<CheckDocument>(['check', ...engine.from], 1, place)).toEqual({
      unsatisfiable: [
        {
          source: 'unknown-dependency',
          version: '1.0',
          why: 'the source needs hive-dada\n  but there is no package hive-dada, and nothing provides it',
        },
        {
          source: 'unsatisfiable',
          version: '1.0',
          why: [
            'the source needs needs-nothing-there',
            '  needs-nothing-there 1.0 needs nowhere-to-be-found (>= 2)',
            nothing,
          ].join('\n'),
        },
      ],
      uninstallable: [
        {
          package: 'needs-nothing-there',
          version: '1.0',
          architecture: 'all',
          why: `needs-nothing-there 1.0 needs nowhere-to-be-found (>= 2)\n${nothing.slice(2)}`,
        },
      ],
      wallMs: expect.any(Number),
    });
    expect(readdirSync(join(state.path, 'bases'))).toEqual([]);
    const people = await paseka(['check', ...engine.from], place);
    expect(people.status).toBe(1);
    expect(people.stdout).toMatch(
      /^unknown-dependency +1\.0 +the source needs hive-dada\n +but there is no/m,
    );
    expect(people.stdout).toMatch(/^2 unsatisfiable sources, 1 uninstallable packages, found in /m);
    const quiet = await paseka(['check', '--quiet', ...engine.from], place);
    expect(quiet.stdout).toContain('needs-nothing-there');
    expect(quiet.stdout).not.toContain('found in');
  });

  test('conflicts are told by the facts, profiles are heeded, and an archive without fault passes', async () => {
    await using small = await SmallRepository.make({ architecture: await debian.hostArchitecture() });
    await using scratch = await makeTemporaryDirectory('scratch-');
    const sources = join(scratch.path, 'own.sources');
    writeFileSync(sources, sourcesText(`file:${small.directory}`, small.key.keyring));
    await small.addBinary({ name: 'bee' });
    await small.addBinary({ name: 'wasp', fields: { Conflicts: 'bee' } });
    await small.addSource({ name: 'garden', buildDepends: 'bee, wasp <!peaceful>' });
    await small.publish();
    const check = (status: number, ...words: readonly string[]): Promise<CheckDocument> =>
      pasekaJson(['check', '--sources', sources, ...words], status, { state: join(scratch.path, 'state') });
    const broken = await check(1);
    expect(broken.uninstallable).toEqual([]);
    expect(broken.unsatisfiable).toMatchObject([{ source: 'garden', version: '1.0' }]);
    expect(broken.unsatisfiable[0]?.why.split('\n')).toEqual([
      'the source needs bee',
      'the source needs wasp',
      'wasp 1.0 excludes bee, which is bee 1.0',
    ]);
    const fine = await check(0, '--profile', 'peaceful');
    expect(fine).toEqual({ unsatisfiable: [], uninstallable: [], wallMs: expect.any(Number) });
    const people = await paseka(['check', '--quiet', '--profile', 'peaceful', '--sources', sources], {
      state: join(scratch.path, 'state'),
    });
    expect(people).toMatchObject({ status: 0, stdout: '' });
  });
});
