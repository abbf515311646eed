// SPDX-License-Identifier: GPL-2.0-or-later
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import { packagesDemand } from '../../src/distro/rpm/demands.ts';
import { readFrozenDirectory } from '../../src/distro/rpm/frozen-directory.ts';
import { rpm } from '../../src/distro/rpm/rpm.ts';
import { RpmResolver } from '../../src/distro/rpm/rpm-resolver.ts';
import { startLoopbackServer } from '../support/loopback-server.ts';
import { HiveRepository, hive } from '../support/rpm/hive-repository.ts';
import { writeMadeRepository } from '../support/rpm/made-metadata.ts';
import { makeSigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

const served = new HiveRepository();

test('the id is that of the content, wherever it was fetched', async () => {
  const idOf = async (frozen: string): Promise<string> => (await readFrozenDirectory(frozen)).id;
  const id = await idOf(await served.freeze(served.signed()));
  expect(await idOf(await served.freeze(served.signed(`${served.uri}/`)))).toBe(id);
  await writeMadeRepository(served.at('hive'), hive.slice(1));
  await served.sign('hive');
  expect(await idOf(await served.freeze(served.signed()))).not.toBe(id);
});

test('a signature that is missing, of another, or of something else is refused', async () => {
  const uri = served.uri;
  expect(await served.refused({ uri, suite: 'hive', trusted: false })).toMatchObject({
    code: 'signature-invalid',
    message: expect.stringContaining('no key is named') as string,
  });
  await writeFile(served.at('hive/repodata/repomd.xml'), ' ', { flag: 'a' });
  expect(await served.refused(served.signed(uri))).toMatchObject({
    code: 'signature-invalid',
    message: expect.stringMatching(/BAD signature/i) as string,
  });
  await using others = await makeTemporaryDirectory('keys-');
  await using other = await makeSigningKey(join(others.path, 'gpg'));
  await served.sign('hive', other);
  expect(await served.refused(served.signed(uri))).toMatchObject({
    code: 'signature-invalid',
    message: expect.stringMatching(/No public key/i) as string,
  });
  served.server.misbehave(/repomd\.xml\.asc$/, { kind: 'status', status: 404 });
  expect(await served.refused(served.signed(uri))).toMatchObject({ code: 'signature-invalid' });
});

test('an index without signature does where the packages are signed, and their keys are kept', async () => {
  served.server.misbehave(/repomd\.xml\.asc$/, { kind: 'status', status: 404 });
  const frozen = await served.freeze({ ...served.signed(), signatureOf: 'packages' });
  const [repository] = (await readFrozenDirectory(frozen)).repositories;
  const name = `keyrings/1-${sha256(await readFile(served.key.keyring))}.key`;
  expect(repository).toMatchObject({ signed: false, packageKeys: [name] });
  expect(await readFile(join(frozen, name), 'utf8')).toBe(served.key.publicKey);
});

test('keys are taken from files, and not from anybody’s http', async () => {
  const uri = served.uri;
  await writeFile(served.at('empty.asc'), '');
  expect(
    await served.refused({ uri, suite: 'hive', signedBy: `${served.server.uri}/key.asc` }),
  ).toMatchObject({
    code: 'bad-source-list',
    message: expect.stringContaining('over http') as string,
  });
  for (const signedBy of [served.at('empty.asc'), served.at('absent.asc')]) {
    expect(await served.refused({ uri, suite: 'hive', signedBy })).toMatchObject({ code: 'bad-source-list' });
  }
});

test('a broken repomd, a wrong checksum, a missing index and no repository are told apart', async () => {
  const repository = { uri: served.uri, suite: 'hive' };
  expect(await served.refused({ ...repository, uri: `${served.server.uri}/nowhere` })).toMatchObject({
    code: 'no-repositories',
  });
  served.server.misbehave(/repomd\.xml$/, { kind: 'other-content', body: '<repomd><data' });
  expect(await served.refused(repository)).toMatchObject({ code: 'index-corrupt' });
  served.server.behave();
  served.server.misbehave(/primary\.xml\.gz$/, { kind: 'other-content', body: 'x' });
  expect(await served.refused(repository)).toMatchObject({ code: 'mirror-inconsistent' });
  served.server.behave();
  served.server.misbehave(/filelists\.xml\.gz$/, { kind: 'status', status: 404 });
  expect(await served.refused(repository)).toMatchObject({ code: 'mirror-inconsistent' });
  served.server.behave();
  await served.server.stop();
  expect(await served.refused(repository)).toMatchObject({ code: 'mirror-unreachable' });
});

test('an index that is no XML, and packages without a SHA-256, are refused', async () => {
  const repository = { uri: `file://${served.at('hive')}`, suite: 'hive' };
  await writeMadeRepository(served.at('hive'), hive, {
    primary: (xml) => xml.slice(0, xml.length / 2),
  });
  expect(await served.refused(repository)).toMatchObject({ code: 'index-corrupt' });
  await writeMadeRepository(served.at('hive'), hive, { checksumOfPackages: 'sha512' });
  const catalog = await rpm.openCatalog(await served.freeze(repository));
  expect(() => catalog.findPackage('hat', '1-1', 'noarch')).toThrow('no SHA-256 of hat-1-1.noarch');
});

test.each(['gz', 'zst', 'xz', 'bz2', ''] as const)('an index in the form %j', async (packing) => {
  await writeMadeRepository(served.at('packed'), hive, { packing });
  const frozen = await served.freeze({ uri: `${served.server.uri}/packed`, suite: 'packed', trusted: true });
  const catalog = await rpm.openCatalog(frozen);
  expect(catalog.findPackage('honey', '2:1.5-3', 'noarch')).toBeDefined();
  const resolver = await RpmResolver.open(frozen, undefined);
  const demand = packagesDemand(resolver, { names: ['/usr/bin/smoke'], local: [] });
  if ('unknown' in demand) throw new Error(demand.unknown);
  expect(resolver.answer(demand, false)).toMatchObject({ packages: [{ name: 'smoker' }] });
});

test('of a list of mirrors the first one that answers is taken', async () => {
  const gone = await startLoopbackServer(served.at('.'));
  await gone.stop();
  await writeFile(
    served.at('mirrors'),
    [`${gone.uri}/hive/`, `${served.server.uri}/nowhere/`, `${served.uri}/`, ''].join('\n'),
  );
  const repository = {
    uri: `mirrorlist+${served.server.uri}/mirrors`,
    suite: 'hive',
    trusted: true,
  } as const;
  expect((await readFrozenDirectory(await served.freeze(repository))).repositories[0]?.uri).toBe(
    `${served.uri}/`,
  );
  await writeFile(served.at('mirrors'), `${served.server.uri}/nowhere/\n`);
  expect(await served.refused(repository)).toMatchObject({ code: 'no-repositories' });
});

test('a metalink is followed, and allows only what it knows', async () => {
  const repomd = await readFile(served.at('hive/repodata/repomd.xml'));
  const { createHash } = await import('node:crypto');
  const digest = createHash('sha256').update(repomd).digest('hex');
  const metalink = (hash: string): string =>
    `<metalink><files><file name="repomd.xml"><verification><hash type="sha256">${hash}</hash></verification>
<resources><url preference="1">${served.uri}/repodata/repomd.xml</url></resources></file></files></metalink>`;
  const path = served.at('metalink');
  const repository = { uri: `metalink+${served.server.uri}/metalink?arch=$basearch`, suite: 'hive' };
  await writeFile(path, metalink(digest));
  expect((await readFrozenDirectory(await served.freeze(repository))).repositories[0]?.uri).toBe(
    `${served.uri}/`,
  );
  await writeFile(path, metalink('0'.repeat(64)));
  expect(await served.refused(repository)).toMatchObject({ code: 'mirror-inconsistent' });
  await writeFile(path, '<metalink/>');
  expect(await served.refused(repository)).toMatchObject({ code: 'bad-source-list' });
});
