// SPDX-License-Identifier: GPL-2.0-or-later
import { copyFile, mkdir, stat, truncate, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { requires } from '../support/capabilities.ts';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.ts';
import { type ErrorDocument, paseka, pasekaJson } from '../support/paseka.ts';
import { buildRpms } from '../support/rpm/build-rpm.ts';
import { writeMadeRepository } from '../support/rpm/made-metadata.ts';
import { buildPackageOfFiles } from '../support/rpm/package-of-files.ts';
import { describeRpmRepository } from '../support/rpm/publish-repository.ts';
import { makeSigningKey, type SigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

/** A package whose first script fails before it has touched anything. */
const failingScript = `
Name: basesystem
Version: 1
Release: 1
Summary: What fails
License: MIT
BuildArch: noarch
%description
What fails.
%pre -p <lua>
error("no honey in this hive")
%files
`;

requires(
  'root',
  'overlayfs',
  'bubblewrap',
)('what is wrong with an RPM repository or package', () => {
  let place: TemporaryDirectory;
  let server: LoopbackServer;
  let key: SigningKey;
  let other: SigningKey;
  let state: string;

  const path = (name: string): string => join(place.path, name);

  beforeAll(async () => {
    place = await makeTemporaryDirectory('rpm-bad-');
    state = path('state');
    key = await makeSigningKey(path('a'));
    other = await makeSigningKey(path('b'));
    server = await startLoopbackServer(place.path);
    await writeMadeRepository(path('hive'), [{ name: 'honey' }]);
    const repomd = path('hive/repodata/repomd.xml');
    await key.detachSign(repomd, `${repomd}.asc`);
  });
  beforeEach(() => server.behave());
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await key[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /** The error of a command that has to end with this status. */
  async function refused(words: readonly string[], status: number): Promise<ErrorDocument['error']> {
    const { error } = await pasekaJson<ErrorDocument>(words, status, { state });
    expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
    return error;
  }

  const error = (code: string, message: RegExp, hint: RegExp): object => ({
    code,
    message: expect.stringMatching(message) as string,
    hint: expect.stringMatching(hint) as string,
  });

  /** A real repository of the packages that are below it. */
  async function repositoryOf(name: string, packages: readonly string[]): Promise<string> {
    await mkdir(path(`${name}/Packages`), { recursive: true });
    for (const one of packages) await copyFile(one, path(`${name}/Packages/${basename(one)}`));
    await describeRpmRepository(path(name), key);
    return path(name);
  }

  async function build(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    await mkdir(path('built'), { recursive: true });
    return buildPackageOfFiles({ name, files }, path('built'));
  }

  test('an index that is none, of another content, or of another key', async () => {
    const create = (keyring = path('a/public.asc')): Promise<ErrorDocument['error']> =>
      refused(['snapshot', 'create', '--repo', `${server.uri}/hive`, '--keyring', keyring], 3);
    expect(await create(path('b/public.asc'))).toMatchObject(
      error('signature-invalid', /repo-1 .*can't be trusted: .*No public key/i, /--keyring FILE/),
    );
    server.misbehave(/primary\.xml\.gz$/, { kind: 'other-content', body: 'x' });
    expect(await create()).toMatchObject(
      error('mirror-inconsistent', /primary\.xml\.gz .*it has 1 bytes instead of/, /try again/),
    );
    server.behave();
    const broken = '<?xml version="1.0"?>\n<repomd><data type="primary">';
    await mkdir(path('broken/repodata'), { recursive: true });
    await writeFile(path('broken/repodata/repomd.xml'), broken);
    expect(await refused(['snapshot', 'create', '--repo', path('broken')], 3)).toMatchObject(
      error('index-corrupt', /broken\/repodata\/repomd\.xml is none/, /createrepo_c/),
    );
  });

  test('a package that is another file than its index says, or was cut off', async () => {
    const honey = await build('honey', { '/usr/share/honey': 'honey\n' });
    const rpm = await build('rpm', { '/usr/share/rpm-of-hive': 'rpm\n' });
    const bytes = (await stat(rpm)).size;
    await repositoryOf('other-content', [rpm]);
    server.misbehave(/rpm-1-1\.noarch\.rpm$/, { kind: 'other-content', body: 'x'.repeat(bytes) });
    const run = [
      'run',
      '--repo',
      `${server.uri}/other-content`,
      '--keyring',
      path('a/public.asc'),
      '--',
      'true',
    ];
    expect(await refused(run, 3)).toMatchObject(
      error('mirror-inconsistent', /rpm-1-1\.noarch\.rpm .*its SHA-256/i, /mirror is broken/),
    );
    const cut = path('cut.rpm');
    await copyFile(honey, cut);
    await truncate(cut, 300);
    const install = ['install-check', cut, '--repo', path('hive')];
    expect(await refused(install, 2)).toMatchObject(error('bad-binary-package', /cut\.rpm/, /./));
    await mkdir(path('directory/x86_64/RPMS.hive'), { recursive: true });
    await copyFile(cut, path('directory/x86_64/RPMS.hive/honey.rpm'));
    await writeFile(path('directory.list'), `rpm-dir file://${path('directory')} x86_64 hive\n`);
    expect(await refused(['snapshot', 'create', '--sources', path('directory.list')], 2)).toMatchObject(
      error('bad-binary-package', /honey\.rpm/, /./),
    );
  });

  test('a base whose packages fail to install says which and why', async () => {
    const rpm = await build('rpm', { '/usr/share/hive': 'of the one\n' });
    await mkdir(path('failing'), { recursive: true });
    const { binaries } = await buildRpms(path('failing'), failingScript);
    const scripts = await repositoryOf('scripts', [rpm, ...binaries]);
    expect(await refused(['run', '--repo', scripts, '--', 'true'], 3)).toMatchObject(
      error('base-failed', /%prein\(basesystem-1-1\.noarch\).*no honey in this hive/, /--verbose/),
    );
    const basesystem = await build('basesystem', { '/usr/share/hive': 'of the other\n' });
    const conflict = await repositoryOf('conflict', [rpm, basesystem]);
    expect(await refused(['run', '--repo', conflict, '--', 'true'], 3)).toMatchObject(
      error('base-failed', /file \/usr\/share\/hive conflicts between attempted installs of /, /--verbose/),
    );
  });

  test('of two files of one package that of the first repository is taken, and it is said', async () => {
    await writeMadeRepository(path('twin'), [{ name: 'honey', content: 'of wasps' }]);
    const create = ['snapshot', 'create', '--repo', path('hive'), '--repo', path('twin')];
    const said = await paseka(create, { state });
    expect(said.status).toBe(0);
    expect(said.stderr).toMatch(
      /repo-1 and repo-2 have different files of honey-1-1\.noarch: that of repo-1 is taken/,
    );
  });
});
