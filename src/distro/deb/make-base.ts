// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { sha256 } from '../../base/digest.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import {
  appendText,
  makeDirectory,
  readText,
  removeTree,
  symbolicLink,
  writeText,
} from '../../host/files.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';
import type { MakeBaseRequest } from '../distribution.ts';
import { builderId } from '../root.ts';
import { additionalPackages } from './base-packages.ts';
import { frozenLayout } from './frozen-directory.ts';
import { askHostApt } from './host-apt.ts';

const releaseName = 'frozen';

/**
 * Answers to questions that packages ask when they are installed. No build reads the index of manual pages, and making
 * it takes a second in every root that has man-db and gets a page, which is nearly every one: debhelper needs it.
 */
const answers = 'man-db man-db/auto-update boolean false';
const answerQuestions = `test ! -x "$1/usr/bin/debconf-set-selections" || echo "${answers}" | chroot "$1" debconf-set-selections`;

/**
 * Makes a base by mmdebstrap from exactly the given packages: they are offered to it as a small flat repository of
 * links into the pool, so that nothing is fetched and nothing else can come in. The repository is marked trusted
 * because every file in it was checked against the snapshot's signed indices.
 */
export async function makeBase(request: MakeBaseRequest): Promise<void> {
  const { architecture } = request;
  const flat = join(request.scratchDirectory, 'flat');
  await makeDirectory(flat);
  await writeFlatRepository(request, flat);
  const include = additionalPackages[request.variant].join(',');
  const output: string[] = [];
  const result = await runProcess({
    command: [
      'mmdebstrap',
      '--mode=root',
      '--format=directory',
      request.variant === 'build' ? '--variant=buildd' : '--variant=minbase',
      `--architectures=${architecture}`,
      `--include=${include}`,
      `--customize-hook=${answerQuestions}`,
      releaseName,
      request.directory,
      `deb [trusted=yes] copy:${flat} ./`,
    ],
    environment: toolEnvironment({ TMPDIR: request.scratchDirectory }),
    contained: true,
    onOutput: (chunk) => {
      const text = Buffer.from(chunk).toString('utf8');
      output.push(text);
      request.onOutput(text);
    },
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  });
  if (result.end.kind === 'cancelled') {
    throw new PasekaError('cancelled', 'making the base was cancelled', 'start it again');
  }
  if (result.end.kind === 'not-started') {
    throw new PasekaError('tool-missing', 'mmdebstrap could not be started', 'apt-get install mmdebstrap');
  }
  if (!isSuccess(result.end)) {
    const lines = output.join('').split('\n');
    const errors = lines.filter((line) => line.startsWith('E:')).slice(0, 5);
    throw new PasekaError(
      'base-failed',
      `mmdebstrap could not make the ${request.variant} base: ${(errors.length > 0 ? errors : lines.slice(-5)).join('; ')}`,
      'run paseka doctor; the whole output is shown by --verbose',
    );
  }
  await settle(request);
}

async function writeFlatRepository(request: MakeBaseRequest, flat: string): Promise<void> {
  const byKey = new Map(
    request.packages.map((file) => [`${file.name} ${file.version} ${file.architecture}`, file]),
  );
  for (const file of request.packages)
    await symbolicLink(request.pathOf(file), join(flat, `${file.sha256}.deb`));
  const names = request.packages.map((file) => `${file.name}=${file.version}`);
  const shown = await askHostApt(
    request.frozenDirectory,
    request.architecture,
    ['apt-cache', 'show', ...names],
    request.signal,
  );
  const kept: string[] = [];
  for (const paragraph of shown.split(/\n\n+/)) {
    const field = (name: string): string =>
      new RegExp(`^${name}: (.*)$`, 'm').exec(paragraph)?.[1]?.trim() ?? '';
    const key = `${field('Package')} ${field('Version')} ${field('Architecture')}`;
    const file = byKey.get(key);
    if (file === undefined || field('SHA256') !== file.sha256) continue;
    byKey.delete(key);
    kept.push(paragraph.trim().replace(/^Filename: .*$/m, `Filename: ./${file.sha256}.deb`));
  }
  const [missing] = byKey.keys();
  if (missing !== undefined) {
    throw new PasekaError(
      'index-corrupt',
      `the snapshot does not describe ${missing}`,
      'create the snapshot anew',
    );
  }
  const packages = `${kept.join('\n\n')}\n`;
  await writeText(join(flat, 'Packages'), packages);
  const release = [
    `Suite: ${releaseName}`,
    `Codename: ${releaseName}`,
    'SHA256:',
    ` ${sha256(packages)} ${Buffer.byteLength(packages)} Packages`,
  ];
  await writeText(join(flat, 'Release'), `${release.join('\n')}\n`);
}

/** What mmdebstrap leaves of this host or of the way the base was made goes; what every root here needs comes. */
async function settle(request: MakeBaseRequest): Promise<void> {
  const inRoot = (path: string): string => join(request.directory, path);
  for (const path of [
    'etc/apt/sources.list',
    'etc/apt/apt.conf.d/00mmdebstrap',
    'etc/apt/apt.conf.d/99mmdebstrap',
  ]) {
    await removeTree(inRoot(path));
  }
  await writeText(
    inRoot('etc/apt/sources.list.d/paseka.sources'),
    await readText(join(request.frozenDirectory, frozenLayout.sources)),
    0o644,
  );
  await writeText(inRoot('etc/hostname'), 'localhost\n', 0o644);
  await writeText(
    inRoot('etc/hosts'),
    '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n',
    0o644,
  );
  await removeTree(inRoot('etc/resolv.conf'));
  await writeText(inRoot('etc/resolv.conf'), '', 0o644);
  await appendText(
    inRoot('etc/passwd'),
    `builder:x:${builderId}:${builderId}:builder:/nonexistent:/bin/sh\n`,
  );
  await appendText(inRoot('etc/group'), `builder:x:${builderId}:\n`);
  await makeDirectory(inRoot('build'), 0o755);
  await makeDirectory(inRoot('proc'));
  await makeDirectory(inRoot('sys'));
}
