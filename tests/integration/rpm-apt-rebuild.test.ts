// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeAptRpmRepository } from '../../src/distro/rpm/make-apt-rpm-repository.ts';
import { rebuilding, requires } from '../support/capabilities.ts';
import { type ErrorDocument, pasekaJson } from '../support/paseka.ts';
import { type RebuildDocument, rebuild, taskOf } from '../support/rebuild-document.ts';
import { buildPackageOfFiles } from '../support/rpm/package-of-files.ts';
import { type RpmDistribution, rpmDistribution } from '../support/rpm/rpm-distribution.ts';
import { makeSigningKey, type SigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

requires(...rebuilding, 'userns')('rebuilding from a repository of apt-rpm', () => {
  let distribution: RpmDistribution;
  let place: TemporaryDirectory;
  let key: SigningKey;
  let state: string;
  let built: RebuildDocument;
  let lines: readonly string[];

  const path = (name: string): string => join(place.path, name);

  /** Signs it as the directions in it say. */
  async function sign(repository: string): Promise<void> {
    const release = join(repository, 'x86_64/base/release');
    await key.detachSign(release, `${release}.asc`);
    await fs.appendFile(release, await fs.readFile(`${release}.asc`));
    await fs.rm(`${release}.asc`);
  }

  async function sourcesList(name: string, text: readonly string[]): Promise<readonly string[]> {
    await fs.writeFile(path(name), `${text.join('\n')}\n`);
    return ['--sources', path(name), '--keyring', path('gpg/public.asc')];
  }

  /** A source that packs a file of the package `honey`. */
  async function writeSource(name: string, needs: string): Promise<string> {
    await fs.mkdir(path(name));
    const spec = [
      ...[`Name: ${name}`, 'Version: 1', 'Release: 1', 'Summary: Needs something', 'License: MIT'],
      ...['BuildArch: noarch', `BuildRequires: ${needs}`, '%description', 'It needs something.'],
      ...['%install', 'install -D -m 644 /usr/share/honey %{buildroot}/usr/share/%{name}', '%files'],
      '/usr/share/%{name}\n',
    ];
    await fs.writeFile(join(path(name), `${name}.spec`), spec.join('\n'));
    return path(name);
  }

  beforeAll(async () => {
    distribution = await rpmDistribution();
    place = await makeTemporaryDirectory('apt-rebuild-');
    key = await makeSigningKey(path('gpg'));
    state = path('state');
    const files = async (directory: string): Promise<{ fileName: string; path: string }[]> =>
      (await fs.readdir(directory)).map((fileName) => ({ fileName, path: join(directory, fileName) }));
    await fs.mkdir(path('repository'));
    await makeAptRpmRepository({
      directory: path('repository'),
      suite: 'meadow',
      architecture: 'x86_64',
      description: 'Meadow for apt-rpm',
      packages: await files(join(distribution.repository, 'Packages')),
      sources: await files(join(distribution.sources, 'Packages')),
    });
    // packages only as a mirror of today has them, sources only as one of long ago
    for (const name of ['pkglist.paseka', 'pkglist.paseka.bz2', 'srclist.paseka', 'srclist.paseka.xz']) {
      await fs.rm(path(`repository/x86_64/base/${name}`));
    }
    await sign(path('repository'));
    await fs.mkdir(path('extra/x86_64/RPMS.extra'), { recursive: true });
    const honey = { name: 'honey', files: { '/usr/share/honey': 'honey\n' } };
    await buildPackageOfFiles(honey, path('extra/x86_64/RPMS.extra'));
    lines = [
      `rpm [meadow] file://${path('repository')} x86_64 paseka`,
      `rpm-src [meadow] file://${path('repository')} x86_64 paseka`,
      `rpm-dir file://${path('extra')} x86_64 extra`,
    ];
    const from = await sourcesList('sources.list', lines);
    const sources = ['features', await writeSource('candle', 'honey')];
    ({ document: built } = await rebuild([...sources, ...from], 0, { state }));
  });
  afterAll(async () => {
    await key[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  test('base, sources, dependencies and install checks come from signed lists and from a directory', async () => {
    expect(taskOf(built, 'features').installChecks).toMatchObject([{ outcome: 'passed', warnings: [] }]);
    expect(taskOf(built, 'candle').installChecks).toMatchObject([{ outcome: 'passed' }]);
    const { snapshot } = await pasekaJson<{ snapshot: object }>(
      ['snapshot', 'show', built.campaign.snapshot],
      0,
      { state },
    );
    expect(snapshot).toMatchObject({
      kind: 'rpm',
      releases: [
        { components: ['paseka'], signed: true },
        { components: ['extra'], signed: false },
      ],
    });
  });

  test('what was built is taken again from the repository of apt-rpm that was written', async () => {
    const results = path('results');
    await pasekaJson(['campaign', 'report', built.campaign.id, '--repository', results], 0, { state });
    const ours = `rpm [ours] file://${results} x86_64 paseka`;
    const unsigned = ['rebuild', 'features', ...(await sourcesList('more.list', [...lines, ours]))];
    const { error } = await pasekaJson<ErrorDocument>(unsigned, 3, { state });
    expect(error).toMatchObject({
      code: 'signature-invalid',
      message: expect.stringContaining('has no signature') as string,
    });
    await sign(results);
    const from = await sourcesList('more.list', [...lines, ours]);
    const source = await writeSource('light', 'candle, features, honey');
    const { document } = await rebuild([source, ...from, '--no-install-check'], 0, { state });
    const used = await pasekaJson<{ packages: readonly { name: string; version: string }[] }>(
      ['campaign', 'dependencies', document.campaign.id, 'light'],
      0,
      { state },
    );
    const names = used.packages.map(({ name, version }) => `${name} ${version}`);
    expect(names.toSorted()).toEqual(['candle 1-1', 'features 1-1.meadow', 'honey 1-1']);
  });
});
