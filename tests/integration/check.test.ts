// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { debian } from '../../src/distro/deb/debian.ts';
import { engineTests } from '../support/engine-tests.ts';
import { type ErrorDocument, paseka, pasekaJson } from '../support/paseka.ts';
import { makeBinaryPackage } from '../support/small-packages.ts';
import { SmallRepository } from '../support/small-repository.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { sourcesText } from '../support/test-repository.ts';

interface ComparisonDocument extends Omit<CheckDocument, 'wallMs'> {
  readonly unmet: readonly { readonly package: string; readonly dependency: string }[];
}

interface CheckDocument {
  readonly unsatisfiable: readonly { readonly source: string; readonly why: string }[];
  readonly uninstallable: readonly { readonly package: string; readonly why: string }[];
  readonly wallMs: number;
}

/** Freezes what a repository has now; the snapshot's id. */
async function createSnapshot(sources: string, place: { readonly state: string }): Promise<string> {
  const words = ['snapshot', 'create', '--sources', sources];
  const { snapshot } = await pasekaJson<{ readonly snapshot: { readonly id: string } }>(words, 0, place);
  return snapshot.id;
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

  test('only what a change breaks, between snapshots and with packages laid over', async () => {
    const architecture = await debian.hostArchitecture();
    await using small = await SmallRepository.make({ architecture });
    await using scratch = await makeTemporaryDirectory('scratch-');
    const place = { state: join(scratch.path, 'state') };
    const sources = join(scratch.path, 'own.sources');
    writeFileSync(sources, sourcesText(`file:${small.directory}`, small.key.keyring));
    await small.addBinary({ name: 'libbee1', fields: { Source: 'bee' } });
    await small.addBinary({ name: 'hive', fields: { Depends: 'libbee1' } });
    await small.addBinary({ name: 'ruin', fields: { Depends: 'long-gone' } });
    await small.addSource({ name: 'garden', buildDepends: 'hive' });
    await small.publish();
    const first = await createSnapshot(sources, place);
    const changed = join(scratch.path, 'changed');
    await makeBinaryPackage({ name: 'hive', version: '2', fields: { Depends: 'libbee1, wax' } }, changed);
    const check = (status: number, ...words: readonly string[]): Promise<ComparisonDocument> =>
      pasekaJson(['check', ...words], status, place);
    const overlaid = await check(1, '--before', first.slice(0, 12), '--with', changed);
    expect(overlaid).toMatchObject({
      before: { snapshot: first, overlay: [] },
      after: { snapshot: first, overlay: [{ name: 'hive', version: '2', architecture: 'all' }] },
      unmet: [{ package: 'hive', version: '2', architecture: 'all', dependency: 'wax' }],
      uninstallable: [{ package: 'hive' }],
      unsatisfiable: [{ source: 'garden' }],
      mended: { unmet: 0, uninstallable: 0, unsatisfiable: 0 },
    });
    const wax = await makeBinaryPackage({ name: 'wax' }, scratch.path);
    const fine = await check(
      0,
      '--before',
      first.slice(0, 12),
      '--after',
      changed,
      '--with',
      wax,
      '--sources',
      sources,
    );
    expect(fine).toMatchObject({ unmet: [], uninstallable: [], unsatisfiable: [] });
    const alone = await pasekaJson<CheckDocument>(
      ['check', '--sources', sources, '--with', changed],
      1,
      place,
    );
    expect(alone.uninstallable.map((one) => one.package)).toEqual(['hive', 'ruin']);

    renameSync(join(small.directory, 'pool/main/libbee1_1.0_all.deb'), join(scratch.path, 'libbee1.deb'));
    await small.publish();
    const second = await createSnapshot(sources, place);
    const moved = await check(1, '--before', first, '--after', second);
    expect(moved.unmet).toMatchObject([{ package: 'hive', dependency: 'libbee1' }]);
    const people = await paseka(['check', '--before', first, '--after', second], place);
    expect(people.status).toBe(1);
    expect(people.stdout).toMatch(/^hive +1\.0 +all +libbee1 +but there is no package libbee1/m);
    expect(people.stdout).toContain(
      '1 new unmet dependencies, 1 newly unsatisfiable sources, 1 newly uninst',
    );
    expect(await check(0, '--before', second, '--after', first)).toMatchObject({
      unmet: [],
      mended: { unmet: 1, uninstallable: 1, unsatisfiable: 1 },
    });
  });

  test('states that can not be compared are refused with a hint', async () => {
    const architecture = await debian.hostArchitecture();
    await using small = await SmallRepository.make({ architecture });
    await using scratch = await makeTemporaryDirectory('scratch-');
    const place = { state: join(scratch.path, 'state') };
    const sources = join(scratch.path, 'own.sources');
    writeFileSync(sources, sourcesText(`file:${small.directory}`, small.key.keyring));
    await small.addBinary({ name: 'bee' });
    await small.publish();
    const id = await createSnapshot(sources, place);
    const refused = async (code: string, ...words: readonly string[]): Promise<string> => {
      const { error } = await pasekaJson<ErrorDocument>(['check', '--sources', sources, ...words], 2, place);
      expect(error.code).toBe(code);
      expect(error.hint).not.toBe('');
      return error.message;
    };
    expect(await refused('bad-option', '--before', id)).toContain('both states are the same');
    expect(await refused('bad-option', '--before', id, '--before', 'abc')).toContain('of 2 snapshots');
    expect(await refused('unknown-snapshot', '--before', id, '--after', 'abcdef')).toContain('abcdef');
    const foreign = await makeBinaryPackage({ name: 'far', architecture: 's390x' }, scratch.path);
    expect(await refused('bad-binary-package', '--before', id, '--with', foreign)).toContain('for s390x');
  });
});
