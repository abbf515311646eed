// SPDX-License-Identifier: GPL-2.0-or-later
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readAptDownloadSettings } from '../../src/distro/deb/apt-download-settings.ts';
import { repositoriesToFreeze } from '../../src/distro/deb/frozen-repository.ts';
import { findRepositories } from '../../src/distro/deb/host-repositories.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

/** A host whose apt is configured by these files below its /etc/apt; the environment that makes apt see it. */
async function makeHost(
  files: Readonly<Record<string, string>>,
): Promise<{ root: string; environment: Record<string, string> }> {
  const temporary = await makeTemporaryDirectory('paseka-host-');
  onTestFinished(() => temporary[Symbol.asyncDispose]());
  const root = temporary.path;
  const configuration = join(root, 'apt.conf');
  const all = { 'apt.conf': '', ...files };
  for (const directory of ['sources.list.d', 'auth.conf.d']) await mkdir(join(root, directory));
  for (const [name, text] of Object.entries(all)) await writeFile(join(root, name), text);
  const own = `Dir::Etc "${root}";\nDir::Etc::main "/dev/null";\nDir::Etc::parts "/dev/null";\n${all['apt.conf']}`;
  await writeFile(configuration, own);
  return { root, environment: { APT_CONFIG: configuration } };
}

const uri = 'http://mirror.example.org/debian';

test("the host's sources are read in both formats, in apt's order, other files passed over", async () => {
  const { environment } = await makeHost({
    'sources.list': `deb ${uri} pebble main\ndeb-src ${uri} pebble main\n`,
    'sources.list.d/b.list': `deb [trusted=yes] file:/srv/repo ./\ndeb ${uri} pebble-updates main\n`,
    'sources.list.d/a.sources': `Types: deb\nURIs: ${uri}-security\nSuites: pebble-security\nComponents: main\n`,
    'sources.list.d/c.sources.disabled': 'rubbish',
  });
  const { suite, repositories } = await findRepositories({ suite: 'pebble' }, environment);
  expect(suite).toBe('pebble');
  expect(repositories).toEqual([
    { uri, suite: 'pebble', components: ['main'] },
    { uri: `${uri}-security`, suite: 'pebble-security', components: ['main'] },
    { uri, suite: 'pebble-updates', components: ['main'] },
  ]);
});

test('rubbish in a host file names the file', async () => {
  const { root, environment } = await makeHost({ 'sources.list.d/bad.list': 'deb\n' });
  await expect(findRepositories({ suite: 'pebble' }, environment)).rejects.toMatchObject({
    code: 'bad-source-list',
    message: `${root}/sources.list.d/bad.list:1: the URI is missing`,
  });
});

test('a sources file is taken as it is', async () => {
  const { root } = await makeHost({
    'my.list': `deb ${uri} granite main\ndeb file:/srv ./\n`,
    'empty.list': '# nothing\n',
  });
  const sources = join(root, 'my.list');
  expect(await findRepositories({ sources })).toMatchObject({
    suite: 'granite',
    repositories: { length: 2 },
  });
  expect(await findRepositories({ sources, suite: 'other' })).toMatchObject({ suite: 'other' });
  await expect(findRepositories({ sources: join(root, 'empty.list') })).rejects.toMatchObject({
    code: 'no-repositories',
  });
  await expect(findRepositories({ sources: join(root, 'absent') })).rejects.toMatchObject({
    code: 'bad-source-list',
  });
});

test('a list of mirrors stands for its first mirror', async () => {
  const { root } = await makeHost({
    'mirrors.txt': `# near\n${uri}/\tpriority:1\nhttp://far.example.org/debian\n`,
  });
  const repository = { uri: `mirror+file:${root}/mirrors.txt`, suite: '$(ARCH)/', components: [] };
  expect(await repositoriesToFreeze([repository], 'arm64')).toEqual([
    { uri, suite: 'arm64/', components: [] },
  ]);
  await expect(
    repositoriesToFreeze([{ ...repository, uri: `mirror+file:${root}/absent` }], 'arm64'),
  ).rejects.toMatchObject({ code: 'bad-source-list' });
});

test("proxies, credentials and certificates are those of the host's apt", async () => {
  const { environment } = await makeHost({
    'apt.conf': `Acquire::http::Proxy "http://cache.example.org:3142";
Acquire::http::Proxy::near.example.org "DIRECT";
Acquire::https::Verify-Peer "false";
Acquire::https::CaInfo::tls.example.org "/srv/ca.pem";
`,
    'auth.conf': 'machine http://cache.example.org login bee password wax\n',
    'auth.conf.d/shop.conf': 'machine shop.example.org login a password b\n',
  });
  const settings = await readAptDownloadSettings(environment);
  expect(await settings.proxyFor(new URL(uri))).toBe('http://bee:wax@cache.example.org:3142/');
  expect(await settings.proxyFor(new URL('http://near.example.org/x'))).toBeUndefined();
  expect(settings.credentialsFor(new URL('https://shop.example.org/x'))).toEqual({
    user: 'a',
    password: 'b',
  });
  expect(settings.credentialsFor(new URL(uri))).toBeUndefined();
  expect(settings.tlsFor(new URL('https://tls.example.org'))).toEqual({
    authorities: '/srv/ca.pem',
    verifyPeer: false,
  });
});

test('a command that finds proxies is asked once for each server', async () => {
  const { root, environment } = await makeHost({});
  const command = join(root, 'detect');
  await writeFile(
    command,
    `#!/bin/sh\necho "$1" >> ${root}/asked\ncase $1 in *near*) echo DIRECT;; *) echo http://found:1;; esac\n`,
  );
  await chmod(command, 0o755);
  await writeFile(environment['APT_CONFIG'] ?? '', `Acquire::http::Proxy-Auto-Detect "${command}";\n`);
  const settings = await readAptDownloadSettings(environment);
  const answers = ['http://far.example.org/a', 'http://far.example.org/b', 'http://near.example.org/c'].map(
    (url) => settings.proxyFor(new URL(url)),
  );
  expect(await Promise.all(answers)).toEqual(['http://found:1', 'http://found:1', undefined]);
});
