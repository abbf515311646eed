// SPDX-License-Identifier: GPL-2.0-or-later
import { readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { requires } from '../support/capabilities.ts';
import { type LoopbackServer, startLoopbackServer } from '../support/loopback-server.ts';
import { type ErrorDocument, paseka, pasekaJson } from '../support/paseka.ts';
import { SmallRepository, type SmallRepositoryOptions } from '../support/small-repository.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';
import { sourcesText } from '../support/test-repository.ts';

/** The host's own may say not to look at dates. */
const aptConfiguration = resolve(import.meta.dirname, '../fixtures/apt-without-host.conf');

requires('root')('repositories that can’t be frozen', () => {
  let repository: SmallRepository;
  let server: LoopbackServer;
  let scratch: TemporaryDirectory;
  let state: string;

  beforeAll(async () => {
    repository = await makeRepository();
    server = await startLoopbackServer(repository.directory);
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await repository[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    server.behave();
    scratch = await makeTemporaryDirectory('scratch-');
    state = join(scratch.path, 'state');
    return () => scratch[Symbol.asyncDispose]();
  });

  async function makeRepository(options: SmallRepositoryOptions = {}): Promise<SmallRepository> {
    const made = await SmallRepository.make(options);
    await made.addBinary({ name: 'first' });
    await made.addSource({ name: 'first' });
    await made.publish();
    return made;
  }

  /** The error of freezing it; nothing half-made stays. */
  async function refused(
    status: number,
    uri: string,
    keyring = repository.key.keyring,
  ): Promise<ErrorDocument['error']> {
    const sources = join(scratch.path, 'repository.sources');
    writeFileSync(sources, sourcesText(uri, keyring));
    return refusedWith(status, ['--sources', sources]);
  }

  async function refusedWith(status: number, words: readonly string[]): Promise<ErrorDocument['error']> {
    const { error } = await pasekaJson<ErrorDocument>(['snapshot', 'create', ...words], status, {
      state,
      environment: { APT_CONFIG: aptConfiguration },
    });
    expect(Object.keys(error)).toEqual(['code', 'message', 'hint']);
    expect(error.hint).not.toBe('');
    expect(readdirSync(join(state, 'snapshots'))).toEqual([]);
    expect(readdirSync(join(state, 'tmp'))).toEqual([]);
    return error;
  }

  test('a suite that the mirror does not have, with the nearest names', async () => {
    const { keyring } = repository.key;
    expect(
      await refusedWith(2, ['--mirror', server.uri, '--suite', 'bookwrm', '--keyring', keyring]),
    ).toMatchObject({
      code: 'unknown-suite',
      message: expect.stringContaining('bookwrm'),
      hint: 'did you mean bookworm?',
    });
    const words = [
      '--mirror',
      `${server.uri}/`,
      '--suite',
      'small',
      '--keyring',
      keyring,
      '--components',
      'main',
    ];
    const made = await pasekaJson(['snapshot', 'create', ...words], 0, { state });
    expect(made).toMatchObject({
      snapshot: { suite: 'small', isNew: true, repositories: [{ components: ['main'] }] },
    });
  });

  test('a mirror that does not answer', async () => {
    const gone = await startLoopbackServer(repository.directory);
    await gone.stop();
    expect(await refused(3, gone.uri)).toMatchObject({
      code: 'mirror-unreachable',
      message: expect.stringContaining(gone.uri),
    });
    server.misbehave(/./, { kind: 'status', status: 503 });
    expect((await refused(3, server.uri)).code).toBe('mirror-unreachable');
  });

  test('a mirror that sends something else, or the wrong indices', async () => {
    server.misbehave(/InRelease$/, { kind: 'other-content', body: '<html>please log in</html>' });
    expect((await refused(3, server.uri)).code).toMatch(/^(index-corrupt|signature-invalid)$/);
    server.behave();
    server.misbehave(/Packages/, { kind: 'other-content', body: 'Package: forged\n' });
    expect((await refused(3, server.uri)).code).toBe('index-corrupt');
    server.behave();
    server.misbehave(/Sources/, { kind: 'status', status: 404 });
    expect((await refused(3, server.uri)).code).toBe('mirror-inconsistent');
  });

  test('a truncated index', async () => {
    await using other = await makeRepository();
    await other.truncateIndex({ kind: 'sources' });
    expect((await refused(3, `file:${other.directory}`, other.key.keyring)).code).toBe('index-corrupt');
  });

  test('a bad signature, somebody else’s, none', async () => {
    await using other = await makeRepository();
    expect((await refused(3, `file:${other.directory}`)).code).toBe('signature-invalid');
    await other.breakSignature();
    expect((await refused(3, `file:${other.directory}`, other.key.keyring)).code).toBe('signature-invalid');
    await using unsigned = await makeRepository({ signature: 'unsigned' });
    expect((await refused(3, `file:${unsigned.directory}`)).code).toBe('signature-invalid');
  });

  test('an expired release file', async () => {
    await using other = await SmallRepository.make();
    await other.addBinary({ name: 'first' });
    await other.publish({ validUntil: new Date('2020-01-01') });
    expect((await refused(3, `file:${other.directory}`, other.key.keyring)).code).toBe('index-expired');
  });

  test('a sources file that is none', async () => {
    expect((await refusedWith(2, ['--sources', join(scratch.path, 'absent')])).code).toBe('bad-source-list');
    const sources = join(scratch.path, 'rubbish.sources');
    writeFileSync(sources, 'Types: deb\nURIs\n');
    expect((await refusedWith(2, ['--sources', sources])).code).toBe('bad-source-list');
  });

  test('words of the command line', async () => {
    const wrong = async (...words: string[]): Promise<void> => {
      expect(await pasekaJson(words, 2, { state })).toMatchObject({ error: { code: 'bad-option' } });
    };
    await wrong('rebuild');
    await wrong('rebuild', '--jobs', '0', 'alpha');
    await wrong('rebuild', '--timeout', 'soon', 'alpha');
    await wrong('rebuild', '--unknown', 'alpha');
    await wrong('fly');
    expect(await paseka(['rebuild', '--jobs', 'x', 'a'], { state })).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringMatching(/^paseka: .*--jobs.*\n {2}.*\[bad-option\]\n$/s),
    });
    expect((await paseka(['--help'])).status).toBe(0);
    expect((await paseka(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
