// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import { makeBase } from '../../src/distro/rpm/make-base.ts';
import type { PackageFile } from '../../src/distro/source-input.ts';
import { compareTrees } from '../../src/host/compare-trees.ts';
import { hashFile } from '../../src/host/hash-file.ts';
import { getExtendedAttribute } from '../../src/host/system-calls.ts';
import { openUnsyncedView } from '../../src/host/unsynced-view.ts';
import { requires } from '../support/capabilities.ts';
import { buildBinaryPackages } from '../support/rpm/binary-packages.ts';
import { buildRpms } from '../support/rpm/build-rpm.ts';
import { openDebianFiles } from '../support/rpm/debian-files.ts';
import { type RpmDistribution, rpmDistribution } from '../support/rpm/rpm-distribution.ts';
import { makeRpmBuilder, type RpmBuilder } from '../support/rpm/rpmbuild.ts';
import { buildSourcePackages } from '../support/rpm/source-packages.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { openTestArchive } from '../support/test-archive.ts';
import { testCache } from '../support/test-cache.ts';

requires('root', 'mirror')('an RPM distribution made from Debian’s packages', () => {
  let distribution: RpmDistribution;
  beforeAll(async () => {
    distribution = await rpmDistribution();
  });

  test('its index is signed, and says what its packages are', async () => {
    const index = join(distribution.repository, 'repodata/repomd.xml');
    await runTool(['gpgv', '--keyring', distribution.keyring, `${index}.asc`, index]);
    const [primary = ''] = (await fs.readdir(join(distribution.repository, 'repodata'))).filter((name) =>
      name.endsWith('-primary.xml.gz'),
    );
    const compressed = await fs.readFile(join(distribution.repository, 'repodata', primary));
    expect(await hashFile(join(distribution.repository, 'repodata', primary))).toBe(primary.split('-')[0]);
    const said = [
      ...gunzipSync(compressed)
        .toString()
        .matchAll(/<checksum type="sha256" pkgid="YES">(\w+)<.*?<location href="([^"]+)"/gs),
    ];
    expect(said.length).toBeGreaterThan(150);
    for (const [, digest, path = ''] of said) {
      expect(await hashFile(join(distribution.repository, path)), path).toBe(digest);
    }
  });

  test('made at another place, its packages have the same bytes', async () => {
    await using place = await makeTemporaryDirectory('rpm-again-');
    await using debian = await openDebianFiles(await openTestArchive(testCache));
    const some = await debian.closure(['base-files', 'base-passwd', 'libpam-modules']);
    const made = async (name: string): Promise<RpmBuilder> => {
      const directory = join(place.path, name);
      await fs.mkdir(directory);
      const builder = await makeRpmBuilder(directory);
      await buildBinaryPackages(some, builder, directory);
      return builder;
    };
    const [one, other] = [await made('one'), await made('another')];
    const packages = await digestsOf(one.packages);
    expect(packages.size).toBeGreaterThan(some.length);
    expect(await digestsOf(other.packages)).toEqual(packages);
    await buildSourcePackages(debian, one, place.path);
    expect(await digestsOf(one.sources)).toEqual(await digestsOf(join(distribution.sources, 'Packages')));
  });

  test('a base of all of it: rpm finds each file as it was packed, and it is made twice alike, synced or not', async () => {
    await using place = await makeTemporaryDirectory('rpm-base-');
    const odd = await buildRpms(place.path, oddSpec);
    const files = await packageFiles([...(await packagesOf(distribution)), ...odd.binaries]);
    const make = async (name: string, directory: string): Promise<void> => {
      const scratchDirectory = join(place.path, `${name}-scratch`);
      await fs.mkdir(scratchDirectory);
      await makeBase({
        frozenDirectory: '',
        architecture: 'x86_64',
        variant: 'build',
        packages: files,
        pathOf: (file) => file.url,
        directory,
        scratchDirectory,
        onOutput: () => undefined,
      });
    };
    const [one, other] = [join(place.path, 'one'), join(place.path, 'space/other')];
    for (const path of [one, other, join(place.path, 'overlay')]) await fs.mkdir(path, { recursive: true });
    await make('one', one);
    {
      await using view = await openUnsyncedView(join(place.path, 'space'), join(place.path, 'overlay'));
      await make('other', join(view.path, 'other'));
    }
    const nothing = { isIgnored: () => false, meaningOf: () => undefined, areAlike: () => false };
    expect((await compareTrees(one, other, nothing)).differences).toEqual([]);
    const times = (root: string): Promise<string> =>
      runTool(['sh', '-c', 'cd "$1" && find . -printf "%p %n %T@\\n" | sort', 'times', root]);
    expect(await times(one)).toBe(await times(other));
    const installed = await runTool(['chroot', one, 'rpm', '--query', '--all']);
    expect(installed.trim().split('\n')).toHaveLength(files.length);
    const changed = await runTool(['chroot', one, 'sh', '-c', 'rpm --verify --all || true']);
    expect(changed.trim().split('\n')).toEqual([
      expect.stringMatching(/ c \/etc\/group$/),
      expect.stringMatching(/ c \/etc\/passwd$/),
    ]);
    const program = await fs.stat(join(other, 'usr/bin/odd'));
    expect([program.mode & 0o7777, program.nlink]).toEqual([0o4755, 2]);
    expect(getExtendedAttribute(join(other, 'usr/bin/odd'), 'security.capability')).toBeDefined();
  });
});

/** A package with what is easily lost: capabilities, a set-user-id bit, a second name of a file, an owner, a sticky bit. */
const oddSpec = `
Name: odd
Version: 1
Release: 1
Summary: odd files
License: GPL-2.0-or-later
AutoReqProv: no
%description
Odd files.
%install
mkdir -p %{buildroot}/usr/bin %{buildroot}/var/lib/odd
echo program > %{buildroot}/usr/bin/odd
ln %{buildroot}/usr/bin/odd %{buildroot}/usr/bin/odd-too
%files
%attr(4755,root,root) %caps(cap_net_raw=p) /usr/bin/odd
%attr(4755,root,root) %caps(cap_net_raw=p) /usr/bin/odd-too
%attr(1777,nobody,nogroup) %dir /var/lib/odd
`;

async function digestsOf(directory: string): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const name of (await fs.readdir(directory)).toSorted()) {
    digests.set(name, await hashFile(join(directory, name)));
  }
  return digests;
}

/** All packages of a distribution. */
async function packagesOf({ repository }: RpmDistribution): Promise<string[]> {
  const place = join(repository, 'Packages');
  return (await fs.readdir(place)).toSorted().map((name) => join(place, name));
}

/** Packages as a base is made from them; each is found at its `url`. */
function packageFiles(paths: readonly string[]): Promise<PackageFile[]> {
  return Promise.all(
    paths.map(async (path) => ({
      name: basename(path, '.rpm'),
      version: '',
      architecture: '',
      fileName: basename(path),
      url: path,
      bytes: 0,
      sha256: await hashFile(path),
    })),
  );
}
