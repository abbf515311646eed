// SPDX-License-Identifier: GPL-2.0-or-later
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LocalPackage } from '../../src/distro/package.ts';
import { rpm } from '../../src/distro/rpm/rpm.ts';
import type { RpmCatalog } from '../../src/distro/rpm/rpm-catalog.ts';
import { signatureProblem } from '../../src/distro/rpm/verify-signature.ts';
import { CheckedSignatures } from '../../src/store/checked-signatures.ts';
import { buildRpms } from '../support/rpm/build-rpm.ts';
import { freezeMade } from '../support/rpm/freeze-made.ts';
import { runTool } from '../support/run-tool.ts';
import { makeSigningKey, type SigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

let place: TemporaryDirectory;
let key: SigningKey;
let other: SigningKey;
/** One package of each kind, and a source, by what was done to it. */
const built = new Map<string, string>();

beforeAll(async () => {
  place = await makeTemporaryDirectory('signed-');
  key = await makeSigningKey(path('a'));
  other = await makeSigningKey(path('b'));
  const { binaries, source } = await buildRpms(path('.'), spec);
  for (const file of [...binaries, source]) {
    built.set(/^\w+/.exec(basename(file))?.[0] ?? '', file);
  }
  await key.signRpms([file('honey'), file('hive')]);
  await other.signRpms([file('wasp')]);
}, 60_000);
afterAll(async () => {
  await key[Symbol.asyncDispose]();
  await other[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

const path = (name: string): string => join(place.path, name);

function file(name: string): string {
  const found = built.get(name);
  if (found === undefined) throw new Error(`${name} was not built: ${[...built.keys()].join(' ')}`);
  return found;
}

/** A source package `hive` with packages for any architecture, one of them for another. */
const spec = `
Name: hive
Version: 2
Release: 1
Summary: a hive
License: GPL
BuildArch: noarch
%description
A hive.
${['honey', 'wax', 'wasp']
  .map((name) => `%package -n ${name}\nSummary: ${name}\n%description -n ${name}\n${name}\n%files -n ${name}`)
  .join('\n')}
`;

/** A real repository of these packages, without signature; its directory. */
async function publish(name: string, packages: readonly string[]): Promise<string> {
  await mkdir(path(name));
  for (const one of packages) await copyFile(file(one), join(path(name), basename(file(one))));
  await runTool(['createrepo_c', '--quiet', path(name)]);
  return path(name);
}

async function openSigned(directory: string, signedBy = path('a/public.asc')): Promise<RpmCatalog> {
  const one = { uri: `file://${directory}`, suite: 'hive', signedBy, signatureOf: 'packages' as const };
  const frozen = await freezeMade([one], `${directory}-frozen-${basename(signedBy)}`);
  return await rpm.openCatalog(frozen);
}

async function verify(catalog: RpmCatalog, names: readonly string[]): Promise<void> {
  const { repositories, frozenDirectory } = catalog;
  const files = names
    .flatMap((name) => [...repositories.packagesOfName(name), ...repositories.sourcesOfName(name)])
    .map((id) => repositories.packageFile(id));
  const pathBySha256 = new Map(files.map(({ sha256, url }) => [sha256, fileURLToPath(url)]));
  const pathOf = ({ sha256 }: { readonly sha256: string }): string =>
    [...pathBySha256].find(([known]) => known === sha256)?.[1] ?? '';
  await rpm.verifyFiles({ frozenDirectory, files, pathOf, scratchDirectory: place.path });
}

test('packages and sources of an index without signature have to be signed by its keys', async () => {
  const catalog = await openSigned(await publish('some', ['hive', 'honey', 'wax', 'wasp']));
  await verify(catalog, ['honey', 'hive']);
  await expect(verify(catalog, ['honey', 'wax'])).rejects.toMatchObject({
    code: 'signature-invalid',
    message: expect.stringMatching(/: wax-2-1\.noarch\.rpm is not signed$/) as string,
  });
  await expect(verify(catalog, ['wasp'])).rejects.toMatchObject({
    message: expect.stringMatching(/: wasp-2-1\.noarch\.rpm is signed by another key \(\w+\)$/) as string,
  });
});

test('a binary key does as an armoured one', async () => {
  const catalog = await openSigned(await publish('binary', ['honey', 'wasp']), path('b/public.gpg'));
  await verify(catalog, ['wasp']);
  await expect(verify(catalog, ['honey'])).rejects.toMatchObject({ code: 'signature-invalid' });
});

test('what was found to be signed is not read again for the same keys, but for others', async () => {
  const directory = await publish('checked', ['honey']);
  await mkdir(path('checks'));
  const check = async (keyFile: string, read: string[]): Promise<void> => {
    const { repositories, frozenDirectory } = await openSigned(directory, keyFile);
    const files = repositories.packagesOfName('honey').map((id) => repositories.packageFile(id));
    const pathOf = ({ url }: { readonly url: string }): string => {
      read.push(url);
      return fileURLToPath(url);
    };
    const request = { frozenDirectory, files, pathOf, scratchDirectory: place.path };
    // another one each time, as another process would have
    await new CheckedSignatures(path('checks')).verify(rpm, request);
  };
  const first: string[] = [];
  await check(path('a/public.asc'), first);
  expect(first).not.toEqual([]);
  const second: string[] = [];
  await check(path('a/public.gpg'), second);
  expect(second).toEqual([]);
  for (let again = 0; again < 2; again++) {
    await expect(check(path('b/public.asc'), [])).rejects.toMatchObject({
      message: expect.stringMatching(/honey-2-1\.noarch\.rpm is signed by another key/) as string,
    });
  }
});

test('an index that another key has signed is as one without signature', async () => {
  const directory = await publish('foreign', ['honey', 'wax']);
  const repomd = join(directory, 'repodata/repomd.xml');
  await other.detachSign(repomd, `${repomd}.asc`);
  const catalog = await openSigned(directory);
  await verify(catalog, ['honey']);
  await expect(verify(catalog, ['wax'])).rejects.toMatchObject({ code: 'signature-invalid' });
});

test('of a signed index its digests do', async () => {
  const directory = await publish('whole', ['wax']);
  const repomd = join(directory, 'repodata/repomd.xml');
  await key.detachSign(repomd, `${repomd}.asc`);
  await verify(await openSigned(directory), ['wax']);
});

const architecture = 'x86_64';

async function candidates(...words: string[]): Promise<readonly LocalPackage[]> {
  const fetch = async (files: readonly { readonly url: string }[]): Promise<string[]> =>
    files.map(({ url }) => fileURLToPath(url));
  return await rpm.openCandidates({
    words,
    architecture,
    further: { scratchDirectory: place.path, fetch },
  });
}

test('packages of the user’s are files, directories and further repositories, the newest of each name', async () => {
  const named = async (...words: string[]): Promise<string[]> =>
    (await candidates(...words)).map((one) => `${one.fileName} ${basename(one.path)}`).sort();
  expect(await named(file('honey'))).toEqual(['honey-2-1.noarch.rpm honey-2-1.noarch.rpm']);
  const newer = await buildRpms(path('a'), spec.replace('Version: 2', 'Version: 2.1\nEpoch: 1'));
  await mkdir(path('results/deep'), { recursive: true });
  for (const one of newer.binaries) await copyFile(one, path(`results/deep/${basename(one)}`));
  await copyFile(newer.source, path(`results/${basename(newer.source)}`));
  expect(await named(file('honey'), path('results'))).toEqual([
    'honey-2.1-1.noarch.rpm honey-2.1-1.noarch.rpm',
    'wasp-2.1-1.noarch.rpm wasp-2.1-1.noarch.rpm',
    'wax-2.1-1.noarch.rpm wax-2.1-1.noarch.rpm',
  ]);
  const directory = await publish('further', ['hive', 'honey', 'wax']);
  expect(await named(directory)).toEqual([
    'honey-2-1.noarch.rpm honey-2-1.noarch.rpm',
    'wax-2-1.noarch.rpm wax-2-1.noarch.rpm',
  ]);
});

test('a further repository is trusted as its .repo file says', async () => {
  const directory = await publish('named', ['honey', 'wax']);
  const write = async (gpgcheck: number): Promise<string> => {
    const text = `[named]\nbaseurl=file://${directory}\ngpgcheck=${gpgcheck}\ngpgkey=file://${path('a/public.asc')}\n`;
    await writeFile(path(`named-${gpgcheck}.repo`), text);
    return path(`named-${gpgcheck}.repo`);
  };
  expect(await candidates(await write(0))).toHaveLength(2);
  await expect(candidates(await write(1))).rejects.toMatchObject({
    code: 'signature-invalid',
    message: expect.stringContaining('wax-2-1.noarch.rpm') as string,
  });
});

test('what are no packages for this architecture, or two of one version, are refused', async () => {
  await mkdir(path('empty'));
  await expect(candidates(path('empty'))).rejects.toMatchObject({
    code: 'bad-binary-package',
    message: expect.stringContaining('no .rpm files') as string,
  });
  const foreign = await buildRpms(path('empty'), spec.replace('BuildArch: noarch', ''), [
    '_target_cpu aarch64',
    '_build_arch aarch64',
    '_arch aarch64',
  ]);
  const [one = ''] = foreign.binaries;
  await expect(candidates(one)).rejects.toMatchObject({
    message: expect.stringContaining('a package for aarch64') as string,
  });
  await mkdir(path('twin'));
  const twins = await buildRpms(path('twin'), spec.replace('Summary: a hive', 'Summary: another hive'));
  const twin = twins.binaries.find((name) => basename(name) === 'wax-2-1.noarch.rpm') ?? '';
  expect(await readFile(twin)).not.toEqual(await readFile(file('wax')));
  await expect(candidates(file('wax'), twin)).rejects.toMatchObject({
    message: expect.stringContaining('are both wax 2-1, but differ') as string,
  });
});

test.each(['gpgv', 'sqv'] as const)('%s tells good signatures of an index from others', async (verifier) => {
  const [text, signature] = [path(`${verifier}-text`), path(`${verifier}-text.asc`)];
  await writeFile(text, 'of clover\n');
  await key.detachSign(text, signature);
  const problem = (keyring: string): Promise<string | undefined> =>
    signatureProblem(text, signature, keyring, undefined, verifier);
  expect(await problem(key.keyring)).toBeUndefined();
  expect(await problem(other.keyring)).toMatch(/./);
  await writeFile(text, 'of heather\n');
  expect(await problem(key.keyring)).toMatch(/BAD signature|manipulated/);
});
