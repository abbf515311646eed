// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import {
  appendText,
  linkOrCopy,
  makeDirectory,
  pathExists,
  readTextIfExists,
  removeTree,
  writeText,
} from '../../host/files.ts';
import { isSuccess, type ProcessResult } from '../../host/process.ts';
import type { MakeBaseRequest } from '../distribution.ts';
import { builderId } from '../root.ts';
import { adoptDatabase, hostDatabase } from './adopt-database.ts';
import { headerTags } from './header/header-tags.ts';
import { numberOf } from './header/header-values.ts';
import { insistingFlags, rpmErrors, runHostRpm } from './host-rpm.ts';
import { withoutPlugins } from './install-by-rpm.ts';
import { readRpmFile } from './open-rpm-file.ts';
import { scriptletFailures } from './rpm-messages.ts';

/**
 * Installs the packages named on standard input, one a line, into the root $1. Scripts of packages see a /dev of the few
 * devices that everybody may have; the mounts go with the namespace that this is run in. The first words are rpm's.
 */
const installScript = `
root=$1; shift
mkdir -p "$root/dev" && mount -t tmpfs -o mode=755 none "$root/dev" || exit 100
for name in null zero full random urandom tty; do
  : >"$root/dev/$name" && mount --bind "/dev/$name" "$root/dev/$name" || exit 100
done
exec rpm --root "$root" "$@" *.rpm`;

/** The latest time that a file may have: $2, seconds since the epoch. What installing has written gets that one. */
const settleTimesScript = `
find "$1" -xdev -newermt "@$2" -print0 | xargs -0 --no-run-if-empty touch --no-dereference --date="@$2"`;

/**
 * Makes a base by this host's rpm from exactly the given packages, whose digests were checked when they came into the pool.
 * rpm checks dependencies and file conflicts itself, and orders them. The root's own rpm has to see all of them afterwards.
 */
export async function makeBase(request: MakeBaseRequest): Promise<void> {
  const offered = join(request.scratchDirectory, 'packages');
  await makeDirectory(offered);
  for (const file of request.packages) {
    await linkOrCopy(request.pathOf(file), join(offered, `${file.sha256}.rpm`));
  }
  await makeDirectory(request.directory, 0o755);
  const builtAt = await latestBuildTime(request);
  const output: string[] = [];
  const result = await runHostRpm({
    command: ['/bin/sh', '-c', installScript, 'install', request.directory, ...(await hostInstallFlags())],
    // the time of installation that rpm writes into its database
    environment: { SOURCE_DATE_EPOCH: builtAt },
    workingDirectory: offered,
    contained: true,
    onOutput: (text) => {
      output.push(text);
      request.onOutput(text);
    },
    ...stopOf(request),
  });
  const failures = scriptletFailures(output.join(''));
  if (!isSuccess(result.end)) throw baseFailed(request, rpmErrors(output.join('')));
  for (const failure of failures) request.onOutput(`${failure}\n`);
  const problem = await adoptDatabase(request, request.packages.length);
  if (problem !== undefined) throw baseFailed(request, problem);
  await settle(request);
  await inBase(request, ['/bin/sh', '-c', settleTimesScript, 'settle', request.directory, builtAt]);
}

function stopOf({ signal }: MakeBaseRequest): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}

function baseFailed({ variant }: MakeBaseRequest, why: string): PasekaError {
  return new PasekaError(
    'base-failed',
    `rpm could not make the ${variant} base: ${why}`,
    'the whole output is shown by --verbose',
  );
}

async function hostInstallFlags(): Promise<readonly string[]> {
  return [
    ...(await insistingFlags()),
    ...['--define', `_dbpath ${hostDatabase}`],
    ...withoutPlugins,
    ...['--install', '--nosignature', '--nodigest'],
  ];
}

/** When the newest of the packages was built, seconds since the epoch: what is made of them has no other time. */
async function latestBuildTime({ packages, pathOf }: MakeBaseRequest): Promise<string> {
  const times = await Promise.all(
    packages.map(async (file) => {
      const { header } = await readRpmFile(pathOf(file), 'binary');
      return numberOf(header, headerTags.BUILDTIME) ?? 0;
    }),
  );
  return String(Math.max(0, ...times));
}

function inBase(request: MakeBaseRequest, command: readonly [string, ...string[]]): Promise<ProcessResult> {
  return runHostRpm({ command, environment: { HOME: '/root' }, contained: true, ...stopOf(request) });
}

/** What every root here has, whatever the distribution; caches that hold numbers of this host's disk go. */
async function settle(request: MakeBaseRequest): Promise<void> {
  const inRoot = (path: string): string => join(request.directory, path);
  await removeTree(inRoot('var/cache/ldconfig/aux-cache'));
  await makeDirectory(inRoot('etc'));
  await writeText(inRoot('etc/hostname'), 'localhost\n', 0o644);
  if (!(await pathExists(inRoot('etc/hosts')))) {
    await writeText(
      inRoot('etc/hosts'),
      '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n',
      0o644,
    );
  }
  await removeTree(inRoot('etc/resolv.conf'));
  await writeText(inRoot('etc/resolv.conf'), '', 0o644);
  await addAccount(inRoot('etc/passwd'), `builder:x:${builderId}:${builderId}:builder:/builddir:/bin/sh`);
  await addAccount(inRoot('etc/group'), `builder:x:${builderId}:`);
  for (const path of ['builddir', 'mnt', 'tmp', 'proc', 'sys', 'dev']) await makeDirectory(inRoot(path));
}

async function addAccount(path: string, line: string): Promise<void> {
  if (/^builder:/m.test((await readTextIfExists(path)) ?? '')) return;
  await appendText(path, `${line}\n`);
}
