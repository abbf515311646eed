// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuilding, requires } from '../support/capabilities.ts';
import { type ErrorDocument, pasekaJson } from '../support/paseka.ts';
import { type RebuildDocument, rebuild, taskOf } from '../support/rebuild-document.ts';
import { buildPackageOfFiles } from '../support/rpm/package-of-files.ts';
import { describeRpmRepository } from '../support/rpm/publish-repository.ts';
import { type RpmDistribution, rpmDistribution } from '../support/rpm/rpm-distribution.ts';
import { runTool } from '../support/run-tool.ts';
import { makeSigningKey, type SigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

/** Builds a package that needs another one, which is what it was built with. */
const spec = `
Name: candle
Version: 1
Release: 1
Summary: A candle
License: MIT
BuildArch: noarch
BuildRequires: honey
Requires: honey
%description
A candle.
%install
install -D -m 644 /usr/share/honey %{buildroot}/usr/share/candle
%files
/usr/share/candle
`;

requires(...rebuilding, 'userns')('whose packages are signed, and who wants them to be', () => {
  let distribution: RpmDistribution;
  let place: TemporaryDirectory;
  let key: SigningKey;
  let other: SigningKey;
  let honey: string;
  let source: string;
  let state: string;

  const path = (name: string): string => join(place.path, name);

  /** A `.repo` file for the repository `signed`, with what it says of signatures besides its key. */
  async function repoFile(name: string, lines: readonly string[]): Promise<string> {
    const text = [
      '[signed]',
      `baseurl=file://${path('signed')}`,
      `gpgkey=file://${path('a/public.asc')}`,
      ...lines,
      '',
    ];
    await fs.writeFile(path(`${name}.repo`), text.join('\n'));
    return path(`${name}.repo`);
  }
  const both = ['gpgcheck=1', 'repo_gpgcheck=1'];

  /** Builds from the repository as it is now. */
  async function build(repositories: string, status: number): Promise<RebuildDocument> {
    const from = ['--sources', repositories];
    await pasekaJson(['snapshot', 'create', ...from], 0, { state });
    return (await rebuild([source, ...from, '--no-install-check'], status, { state })).document;
  }

  beforeAll(async () => {
    distribution = await rpmDistribution();
    place = await makeTemporaryDirectory('trust-');
    state = path('state');
    key = await makeSigningKey(path('a'));
    other = await makeSigningKey(path('b'));
    await fs.writeFile(path('candle.spec'), spec);
    const define = ['--define', `_topdir ${place.path}`, '--define', `_srcrpmdir ${place.path}`] as const;
    await runTool(['rpmbuild', '-bs', '--nodeps', ...define, path('candle.spec')]);
    source = path('candle-1-1.src.rpm');
    await fs.cp(join(distribution.repository, 'Packages'), path('signed/Packages'), { recursive: true });
    honey = await buildPackageOfFiles(
      { name: 'honey', files: { '/usr/share/honey': 'honey\n' } },
      path('signed/Packages'),
    );
    const names = (await fs.readdir(path('signed/Packages'))).filter((name) => name.endsWith('.rpm'));
    await key.signRpms(names.map((name) => path(`signed/Packages/${name}`)));
    await describeRpmRepository(path('signed'), key);
  });
  afterAll(async () => {
    await key[Symbol.asyncDispose]();
    await other[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test('a whole build from a repository whose index and packages are signed', async () => {
    const from = ['--sources', await repoFile('good', both)];
    const { document } = await rebuild([source, ...from], 0, { state });
    const candle = taskOf(document, 'candle');
    expect(candle.installChecks).toMatchObject([{ package: 'candle', outcome: 'passed' }]);
    const { snapshot } = await pasekaJson<object & { snapshot: object }>(
      ['snapshot', 'show', document.campaign.snapshot],
      0,
      { state },
    );
    expect(snapshot).toMatchObject({ releases: [{ signed: true, signedPackages: true }] });
  });

  test('a package of a build that another key has signed is refused, though its index is signed', async () => {
    await other.signRpms([honey]);
    await describeRpmRepository(path('signed'), key);
    const document = await build(await repoFile('good', both), 1);
    expect(taskOf(document, 'candle')).toMatchObject({
      outcome: 'host-fault',
      code: 'signature-invalid',
      message: expect.stringMatching(
        new RegExp(
          `^not signed by a key of its repository: ${basename(honey)} is signed by another key \\(\\w{8,}\\)$`,
        ),
      ) as string,
      attempts: 1,
    });
  });

  test('results of builds and install checks are not taken where their packages are not trusted', async () => {
    const trusting = ['--sources', await repoFile('trusting', ['gpgcheck=0', 'repo_gpgcheck=1'])];
    const { document: first } = await rebuild([source, ...trusting], 0, { state });
    expect(taskOf(first, 'candle').installChecks).toMatchObject([{ outcome: 'passed' }]);
    // the same packages of the same repository, and so the same base
    const second = taskOf(await build(await repoFile('good', both), 1), 'candle');
    expect(second).toMatchObject({ outcome: 'host-fault', code: 'signature-invalid', artifacts: [] });
    const [candle = ''] = globSync(
      join(state, 'campaigns', first.campaign.id, 'results/**/candle-1-1.noarch.rpm'),
    );
    const checked = await pasekaJson<{ installChecks: object[] }>(
      ['install-check', candle, '--sources', path('good.repo')],
      1,
      { state },
    );
    expect(checked.installChecks).toMatchObject([{ outcome: 'host-fault', code: 'signature-invalid' }]);
    // who trusts them takes both
    const { document: again } = await rebuild([source, ...trusting], 0, { state });
    expect(taskOf(again, 'candle')).toMatchObject({ outcome: 'built', reusedFrom: first.campaign.id });
  });

  test('what was found to be signed is not looked at again by later runs', async () => {
    const [keys = ''] = await fs.readdir(join(state, 'signed'));
    const noted = (await fs.readFile(join(state, 'signed', keys), 'utf8')).trim().split('\n');
    expect(noted.length).toBeGreaterThan(150);
    expect(new Set(noted).size).toBe(noted.length);
  });

  test('a package of the base that another key has signed is refused before there is a base', async () => {
    await other.signRpms([path('signed/Packages/meadow-release-1-1.noarch.rpm')]);
    await describeRpmRepository(path('signed'), key);
    const from = ['--sources', await repoFile('good', both)];
    await pasekaJson(['snapshot', 'create', ...from], 0, { state });
    const words = ['rebuild', source, ...from];
    const { error } = await pasekaJson<ErrorDocument>(words, 3, { state });
    expect(error).toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('meadow-release-1-1.noarch.rpm is signed by another key') as string,
      hint: expect.stringContaining('gpgkey') as string,
    });
  });
});
