// SPDX-License-Identifier: GPL-2.0-or-later
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import {
  fileSize,
  linkOrCopy,
  listDirectory,
  makeDirectory,
  moveFile,
  removeTree,
  symbolicLink,
  writeBytes,
} from '../../host/files.ts';
import { hashFileAs } from '../../host/hash-file.ts';
import { toolMissing } from '../../host/host-packaging.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';
import { type FileToList, packageListEntry, sourceListEntry } from './apt-rpm/list-entry.ts';
import { formatAptRpmRelease, type ReleasedFile } from './apt-rpm/release-file.ts';
import { packageIdentity } from './header/package-identity.ts';
import { readRpmFile } from './open-rpm-file.ts';

/** A repository of apt-rpm that is to be made. */
export interface AptRpmRequest {
  /** Where the architecture's directory is to be; existing. */
  readonly directory: string;
  readonly suite: string;
  readonly architecture: string;
  readonly description: string;
  /** By their file names; on the file system of the directory they are linked, else copied. */
  readonly packages: readonly PlacedFile[];
  readonly sources: readonly PlacedFile[];
}

export interface PlacedFile {
  readonly fileName: string;
  readonly path: string;
}

/** The component's name: what stands behind the dot in `RPMS.paseka`. */
export const aptRpmComponent = 'paseka';

const editions = '.apt-rpm-';

/**
 * Makes `ARCHITECTURE/RPMS.paseka`, `SRPMS.paseka` and `base`, as genbasedir --flat would: apt-rpm takes it by `rpm` and `rpm-src`
 * lines, and hasher by `rpm-dir`. The architecture's directory is a link, which is exchanged when everything is in place, so that
 * index and packages always go together. It has no signature, but the release file that is signed. Two runs on the same packages
 * give the same bytes. Throws PasekaError tool-missing, tool-failed, disk-full, bad-binary-package, bad-source-package.
 */
export async function makeAptRpmRepository(request: AptRpmRequest): Promise<void> {
  const { directory, architecture } = request;
  const edition = `${editions}${randomUUID()}`;
  const place = join(directory, edition);
  try {
    const base = join(place, 'base');
    for (const part of ['base', `RPMS.${aptRpmComponent}`, `SRPMS.${aptRpmComponent}`]) {
      await makeDirectory(join(place, part), 0o755);
    }
    const packages = await placeFiles(place, `RPMS.${aptRpmComponent}`, request.packages, 'binary');
    const sources = await placeFiles(place, `./SRPMS.${aptRpmComponent}`, request.sources, 'source');
    const builtFrom = namesBySource(packages);
    await writeList(base, 'pkglist', packages.map(packageListEntry));
    await writeList(
      base,
      'srclist',
      sources.map((file) => sourceListEntry(file, builtFrom.get(file.fileName) ?? [])),
    );
    await writeReleases(base, request);
    const beside = join(directory, `${edition}-link`);
    await symbolicLink(edition, beside);
    await moveFile(beside, join(directory, architecture));
  } catch (error) {
    await removeTree(place);
    throw error;
  }
  for (const name of await listDirectory(directory)) {
    if (name.startsWith(editions) && name !== edition) await removeTree(join(directory, name));
  }
}

/** In the order of genpkglist: packages of one source beside each other. */
async function placeFiles(
  place: string,
  directory: string,
  files: readonly PlacedFile[],
  kind: 'binary' | 'source',
): Promise<FileToList[]> {
  const listed: FileToList[] = [];
  for (const { fileName, path } of new Map(files.map((file) => [file.fileName, file])).values()) {
    const { header, bytes } = await readRpmFile(path, kind);
    await linkOrCopy(path, join(place, directory, fileName));
    listed.push({ header, directory, fileName, bytes, md5: await hashFileAs('md5', path) });
  }
  const key = ({ header, fileName }: FileToList): string =>
    `${packageIdentity(header).sourceFileName ?? ''}\0${fileName}`;
  return listed.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function namesBySource(packages: readonly FileToList[]): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const { header } of packages) {
    const { name, sourceFileName = '' } = packageIdentity(header);
    names.set(sourceFileName, [...(names.get(sourceFileName) ?? []), name]);
  }
  return names;
}

/** Plain and as apt-rpm of all ages asks for it. */
async function writeList(base: string, kind: string, entries: readonly Uint8Array[]): Promise<void> {
  const path = join(base, `${kind}.${aptRpmComponent}`);
  await writeBytes(path, Buffer.concat(entries));
  await pack(['bzip2', '--keep', path], 'bzip2');
  await pack(['xz', '--keep', path], 'xz-utils');
}

async function pack(command: readonly [string, ...string[]], package_: string): Promise<void> {
  const { end, stderr } = await runProcess({ command, environment: toolEnvironment() });
  if (isSuccess(end)) return;
  const [tool] = command;
  if (end.kind === 'not-started') {
    throw toolMissing(`${tool} could not be started`, { debian: package_, provided: `/usr/bin/${tool}` });
  }
  throw new PasekaError('tool-failed', `${tool}: ${stderr.trim()}`, 'see the message of the tool itself');
}

/** A small release file of the component, and the one that vouches for all files and is signed. */
async function writeReleases(base: string, request: AptRpmRequest): Promise<void> {
  const { suite, architecture, description } = request;
  const component = {
    Archive: suite,
    Component: aptRpmComponent,
    Version: '0',
    Origin: 'paseka',
    Label: 'paseka',
    Architecture: architecture,
    NotAutomatic: 'false',
  };
  const lines = Object.entries(component).map(([name, value]) => `${name}: ${value}\n`);
  await writeBytes(join(base, `release.${aptRpmComponent}`), Buffer.from(lines.join('')));
  const files = new Map<string, ReleasedFile>();
  for (const name of (await listDirectory(base)).sort()) {
    const path = join(base, name);
    const digests = {
      md5: await hashFileAs('md5', path),
      blake2b512: await hashFileAs('blake2b512', path),
    };
    files.set(`base/${name}`, { bytes: await fileSize(path), digests });
  }
  const text = formatAptRpmRelease(
    {
      Origin: 'paseka',
      Label: 'paseka',
      Suite: suite,
      Codename: suite,
      Architectures: architecture,
      Components: aptRpmComponent,
      Description: description,
    },
    files,
  );
  await writeBytes(join(base, 'release'), Buffer.from(text));
}
