// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PasekaError } from '../../base/paseka-error.ts';
import {
  copyFile,
  listDirectory,
  makeDirectory,
  moveFile,
  removeTree,
  symbolicLink,
} from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import { runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';
import { writeFileAtomically } from '../../host/whole-file.ts';
import type { RepositoryFile, RepositoryRequest } from '../distribution.ts';
import { beginRepository, removeAllBut } from '../made-repository.ts';
import { firstErrors } from './host-apt.ts';

const component = 'main';
const marker = 'A Debian repository, made by paseka.';

/**
 * Makes a Debian repository by apt-ftparchive: `pool/main/...`, `dists/SUITE/...`. Package files are put in place first, then
 * `dists`, a link, is exchanged for one to the new indices, then what they don't name any more goes: who reads the indices
 * finds every file of theirs. A package built again has the same name and another content: a part of its digest is in its path,
 * so that it doesn't take the place of what the former indices name. It has no signature, but everything that is signed.
 */
export async function makeRepository(
  request: RepositoryRequest,
): Promise<{ readonly packages: number; readonly sources: number }> {
  const { directory } = request;
  await beginRepository(directory, marker, readmeText(request));
  const packages = request.packages.filter(({ fileName }) => fileName.endsWith('.deb'));
  const wanted = new Map<string, string>();
  for (const file of packages) {
    const digest = (await hashFile(file.path)).slice(0, 12);
    wanted.set(join(poolDirectory(file), digest, file.fileName), file.path);
  }
  for (const file of request.sources) wanted.set(join(poolDirectory(file), file.fileName), file.path);
  const edition = randomUUID();
  const dists = `.dists-${edition}`;
  const staging = join(directory, `.new-${edition}`);
  try {
    for (const [path, source] of wanted) {
      await makeDirectory(join(staging, path, '..'), 0o755);
      await copyFile(source, join(staging, path));
    }
    await makeDirectory(join(staging, 'pool'), 0o755);
    await writeIndices(request, staging, dists);
    for (const path of wanted.keys()) {
      await makeDirectory(join(directory, path, '..'), 0o755);
      await moveFile(join(staging, path), join(directory, path));
    }
    await moveFile(join(staging, dists), join(directory, dists));
    await exchangeDists(directory, dists);
  } finally {
    await removeTree(staging);
  }
  await removeUnwanted(directory, dists, wanted);
  const sources = request.sources.filter(({ fileName }) => fileName.endsWith('.dsc')).length;
  return { packages: packages.length, sources };
}

/** As in the archive: `pool/main/h/hello`, `pool/main/libf/libfoo`. */
function poolDirectory({ source }: RepositoryFile): string {
  const prefix = source.startsWith('lib') ? source.slice(0, 4) : source.slice(0, 1);
  return join('pool', component, prefix, source);
}

async function writeIndices(request: RepositoryRequest, directory: string, dists: string): Promise<void> {
  const { suite, architecture, description } = request;
  const release = join(directory, dists, suite);
  const binary = join(release, component, `binary-${architecture}`);
  const source = join(release, component, 'source');
  await writeIndex(binary, 'Packages', await ask(directory, ['packages', 'pool']));
  await writeIndex(source, 'Sources', await ask(directory, ['sources', 'pool']));
  const fields = {
    Origin: 'paseka',
    Label: 'paseka',
    Suite: suite,
    Codename: suite,
    Architectures: architecture,
    Components: component,
    Description: description,
  };
  const options = Object.entries(fields).flatMap(([name, value]) => [
    '-o',
    `APT::FTPArchive::Release::${name}=${value}`,
  ]);
  const text = await ask(directory, [...options, 'release', join(dists, suite)]);
  await write(join(release, 'Release'), text);
}

async function writeIndex(directory: string, name: string, text: Uint8Array): Promise<void> {
  await makeDirectory(directory, 0o755);
  await write(join(directory, name), text);
  await write(join(directory, `${name}.gz`), gzipSync(text));
}

async function write(path: string, bytes: Uint8Array): Promise<void> {
  if (await writeFileAtomically(path, [bytes])) return;
  throw new PasekaError(
    'disk-full',
    `${path} could not be written`,
    'free some space, or give another directory',
  );
}

/** What apt-ftparchive prints, with nothing of this host's configuration. */
async function ask(directory: string, words: readonly string[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  const result = await runProcess({
    command: ['apt-ftparchive', ...words],
    workingDirectory: directory,
    environment: toolEnvironment({ APT_CONFIG: '/dev/null' }),
    captureBytes: 64 * 1024,
    onOutput: (chunk, stream) => {
      if (stream === 'stdout') pieces.push(Uint8Array.from(chunk));
    },
  });
  if (result.end.kind === 'exited' && result.end.exitCode === 0) return Buffer.concat(pieces);
  if (result.end.kind === 'not-started') {
    throw new PasekaError('tool-missing', 'apt-ftparchive could not be started', 'apt-get install apt-utils');
  }
  throw new PasekaError(
    'tool-failed',
    `apt-ftparchive: ${firstErrors(result.stderr)}`,
    'see the message of the tool itself',
  );
}

async function exchangeDists(directory: string, dists: string): Promise<void> {
  const beside = join(directory, `.dists-link-${randomUUID()}`);
  await symbolicLink(dists, beside);
  await moveFile(beside, join(directory, 'dists'));
}

/** What the new indices don't name, and indices that nothing leads to. */
async function removeUnwanted(
  directory: string,
  dists: string,
  wanted: ReadonlyMap<string, string>,
): Promise<void> {
  for (const name of await listDirectory(directory)) {
    if (/^\.(dists|new)-/.test(name) && name !== dists) await removeTree(join(directory, name));
  }
  await removeAllBut(directory, ['pool'], wanted.keys());
}

function readmeText({ directory, suite, description }: RepositoryRequest): string {
  return `${marker}
${description}

To use it as it is, in sources.list(5) or a .list file:

    deb [trusted=yes] file:${directory} ${suite} ${component}
    deb-src [trusted=yes] file:${directory} ${suite} ${component}

To sign it with a key of yours, after which apt checks it by that key:

    cd ${directory}/dists/${suite}
    gpg --local-user KEY --clearsign --output InRelease Release
    gpg --local-user KEY --armor --detach-sign --output Release.gpg Release
    gpg --export KEY > ${directory}/repository.gpg

    deb [signed-by=${directory}/repository.gpg] file:${directory} ${suite} ${component}

paseka takes it by --with ${directory}.
`;
}
