// SPDX-License-Identifier: GPL-2.0-or-later
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { distributionFor } from '../../src/distro/distributions.ts';
import type { WantedRepositories } from '../../src/distro/repository.ts';
import type { Snapshot } from '../../src/snapshot/snapshot.ts';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.ts';
import { type ErrorDocument, paseka, pasekaJson } from '../support/paseka.ts';
import { type MadePackage, writeMadeRepository } from '../support/rpm/made-metadata.ts';
import { makeSigningKey, type SigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

const hive: readonly MadePackage[] = [
  { name: 'honey', evr: '2:1.5-3', requires: ['comb >= 2'] },
  { name: 'comb', evr: '1.0-1', arch: 'x86_64' },
  { name: 'candle', evr: '1-1', arch: 'src', requires: ['comb', 'honey'] },
  { name: 'mead', evr: '1-1', arch: 'src', requires: ['comb'] },
];

let place: TemporaryDirectory;
let key: SigningKey;
let server: LoopbackServer;
let state: string;

const path = (name: string): string => join(place.path, name);
const create = (words: readonly string[], status = 0): Promise<{ readonly snapshot: Snapshot }> =>
  pasekaJson(['snapshot', 'create', ...words], status, { state });
const refused = async (words: readonly string[], status: number): Promise<string> => {
  const { error } = await pasekaJson<ErrorDocument>(words, status, { state });
  return `${error.code}: ${error.message}`;
};

beforeAll(async () => {
  place = await makeTemporaryDirectory('verbs-');
  key = await makeSigningKey(path('gpg'));
  server = await startLoopbackServer(place.path);
  state = path('state');
  await writeMadeRepository(path('hive'), hive);
  await writeMadeRepository(path('new'), [{ name: 'comb', evr: '2.1-1', arch: 'x86_64' }]);
  const repomd = path('hive/repodata/repomd.xml');
  await key.detachSign(repomd, `${repomd}.asc`);
  const section = (name: string, more: string): string =>
    `[${name}]\nbaseurl=${server.uri}/${name}\n${more}\n`;
  const signed = `repo_gpgcheck=1\ngpgkey=file://${path('gpg/public.asc')}`;
  await writeFile(path('hive.repo'), section('hive', `${signed}\npriority=50`));
  await writeFile(path('new.repo'), section('new', 'gpgcheck=0\npriority=10') + section('off', 'enabled=0'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await key[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

test('addresses, directories and .repo files make snapshots, which are listed, shown and removed', async () => {
  const { snapshot } = await create(['--repo', path('hive.repo'), '--repo', path('new.repo')]);
  expect(snapshot).toMatchObject({
    kind: 'rpm',
    suite: 'hive',
    repositories: [
      { uri: `${server.uri}/hive`, priority: 50 },
      { uri: `${server.uri}/new`, priority: 10 },
    ],
    releases: [
      { suite: 'hive', signed: true },
      { suite: 'new', signed: false },
    ],
  });
  const again = await create(['--sources', path('hive.repo'), '--repo', path('new.repo')]);
  expect(again.snapshot.id).toBe(snapshot.id);
  const { snapshot: other } = await create(['--repo', path('hive'), '--suite', 'bees']);
  expect(other).toMatchObject({ suite: 'bees', releases: [{ signed: false }] });
  const text = (await paseka(['snapshot', 'show', snapshot.id.slice(0, 9)], { state })).stdout;
  expect(text).toContain(`${server.uri}/hive/ hive (2023-11-14T22:13:20.000Z, signed)`);
  expect((await paseka(['snapshot', 'list'], { state })).stdout).toMatch(/ hive {2,}x86_64 .* hive new\n/);
  await pasekaJson(['snapshot', 'remove', other.id], 0, { state });
  const { snapshots } = await pasekaJson<{ snapshots: Snapshot[] }>(['snapshot', 'list'], 0, { state });
  expect(snapshots.map(({ id }) => id)).toEqual([snapshot.id]);
});

test('check tells what can’t be had of a snapshot, and what packages of the user’s mend', async () => {
  const from = ['--repo', path('hive')];
  interface Found {
    readonly unsatisfiable: readonly { readonly source: string; readonly why: string }[];
    readonly uninstallable: readonly { readonly package: string; readonly why: string }[];
  }
  const missing = 'honey-2:1.5-3.noarch needs comb >= 2, which nothing provides (there is comb-1.0-1.x86_64)';
  expect(await pasekaJson<Found>(['check', ...from], 1, { state })).toMatchObject({
    unsatisfiable: [
      { source: 'candle', why: `the source needs honey, of which nothing can be installed\n${missing}` },
    ],
    uninstallable: [{ package: 'honey', why: missing }],
  });
  const both = [...from, '--repo', path('new')];
  expect(await pasekaJson<Found>(['check', ...both], 0, { state })).toMatchObject({
    unsatisfiable: [],
    uninstallable: [],
  });
  const ids = await Promise.all([from, both].map(async (words) => (await create(words)).snapshot.id));
  const [before = '', after = ''] = ids;
  const compared = await pasekaJson<object>(['check', '--before', after, '--after', before], 1, { state });
  expect(compared).toMatchObject({
    unsatisfiable: [{ source: 'candle' }],
    uninstallable: [{ package: 'honey' }],
  });
});

test('what names no repository is refused with the reason', async () => {
  await writeFile(path('none.repo'), '[main]\ngpgcheck=1\n');
  await writeFile(path('bad.repo'), '[hive]\nname=hive\n');
  const cases: readonly (readonly [WantedRepositories, string, RegExp])[] = [
    [{ repo: ['hive'] }, 'bad-option', /^not the address of a repository: hive/],
    [{ repo: [path('none.repo')] }, 'no-repositories', /none\.repo names no enabled repository/],
    [{ repo: [path('bad.repo')] }, 'bad-source-list', /\[hive\] has no baseurl/],
    [{ repo: [path('absent.repo')] }, 'bad-source-list', /absent\.repo can't be read/],
    [{ repo: [path('hive')], mirror: server.uri }, 'bad-option', /^--mirror says nothing/],
  ];
  for (const [wanted, code, message] of cases) {
    const meant = await distributionFor(wanted);
    expect(meant.kind).toBe('rpm');
    await expect(meant.findRepositories(wanted)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
  }
  expect(await refused(['snapshot', 'create', '--repo', path('gpg')], 2)).toMatch(/^no-rep.* no repodata/);
  // over the network nothing is taken that nobody vouches for
  expect(await refused(['snapshot', 'create', '--repo', `${server.uri}/new`], 3)).toMatch(
    /^signature-invalid: .*no key/,
  );
});

test('the keys of --keyring are those of all repositories', async () => {
  const { snapshot } = await create(['--repo', `${server.uri}/hive`, '--keyring', path('gpg/public.gpg')]);
  expect(snapshot.releases).toMatchObject([{ signed: true }]);
});
