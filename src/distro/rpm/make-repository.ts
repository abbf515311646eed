// SPDX-License-Identifier: GPL-2.0-or-later
import { dirname, join } from 'node:path';
import { copyFile, makeDirectory, moveFile, pathExists, removeTree, writeText } from '../../host/files.ts';
import { hashFile } from '../../host/hash-file.ts';
import type { RepositoryFile, RepositoryRequest } from '../distribution.ts';
import { beginRepository, removeAllBut } from '../made-repository.ts';
import { askHostRpm } from './host-rpm.ts';
import { isPackageFile } from './local-packages.ts';
import { aptRpmComponent, makeAptRpmRepository } from './make-apt-rpm-repository.ts';

const marker = 'An RPM repository, made by paseka.';
/** What describes the repository, and what holds its packages. */
const [index, binaries, sources] = ['repodata', 'packages', 'source'] as const;

/**
 * Makes a repository for dnf and zypper by createrepo_c (`packages/`, `source/`, `repodata/`), and of links to the same files one
 * for apt-rpm, below the architecture's name. Package files are put in place
 * first, then the index is exchanged, then what it doesn't name any more goes: who reads the index finds every file of
 * it. A package built again has the same name and another content: a part of its digest is in its path, so that it doesn't take
 * the place of what the former index names. It has no signature, but everything that is signed.
 */
export async function makeRepository(
  request: RepositoryRequest,
): Promise<{ readonly packages: number; readonly sources: number }> {
  const { directory } = request;
  await beginRepository(directory, marker, readmeText(request));
  const packages = request.packages.filter(({ fileName }) => isPackageFile(fileName));
  const packed = request.sources.filter(({ fileName }) => fileName.endsWith('.src.rpm'));
  const wanted = new Map<string, string>();
  const places = new Map<string, string>();
  for (const [place, files] of [
    [binaries, packages],
    [sources, packed],
  ] as const) {
    for (const file of files) {
      const path = await pathOf(place, file);
      wanted.set(path, file.path);
      places.set(file.path, path);
    }
  }
  for (const [path, source] of wanted) await putFile(join(directory, path), source);
  await describe(directory, [...wanted.keys()]);
  await removeAllBut(directory, [binaries, sources], wanted.keys());
  const placed = (files: readonly RepositoryFile[]): { fileName: string; path: string }[] =>
    files.map(({ fileName, path }) => ({ fileName, path: join(directory, places.get(path) ?? '') }));
  const { suite, architecture, description } = request;
  await makeAptRpmRepository({
    ...{ directory, suite, architecture, description },
    packages: placed(packages),
    sources: placed(packed),
  });
  return { packages: packages.length, sources: packed.length };
}

/** As in the large distributions' repositories, by the first letter. */
async function pathOf(place: string, file: RepositoryFile): Promise<string> {
  const digest = (await hashFile(file.path)).slice(0, 12);
  return join(place, file.fileName.slice(0, 1).toLowerCase(), digest, file.fileName);
}

async function putFile(path: string, source: string): Promise<void> {
  if (await pathExists(path)) return; // its digest is in its path
  await makeDirectory(dirname(path), 0o755);
  await copyFile(source, `${path}.new`);
  await moveFile(`${path}.new`, path);
}

/** createrepo_c writes a new index beside the former one and exchanges them by renaming. */
async function describe(directory: string, paths: readonly string[]): Promise<void> {
  const list = join(directory, '.packages');
  await writeText(list, paths.map((path) => `${path}\n`).join(''));
  await askHostRpm({
    command: [
      'createrepo_c',
      '--quiet',
      '--no-database',
      '--general-compress-type=gz',
      '--pkglist=.packages',
      '.',
    ],
    workingDirectory: directory,
  });
  await removeTree(list);
}

function readmeText({ directory, architecture, description }: RepositoryRequest): string {
  return `${marker}

${description}

Use it, by dnf, without a signature:

  [paseka]
  name=paseka
  baseurl=file://${directory}
  gpgcheck=0

in /etc/yum.repos.d/paseka.repo, or by zypper:

  zypper addrepo --no-gpgcheck file://${directory} paseka

or by apt-rpm (hasher takes the same lines):

  rpm file://${directory} ${architecture} ${aptRpmComponent}
  rpm-src file://${directory} ${architecture} ${aptRpmComponent}

To sign it, with your own key:

  gpg --armor --detach-sign ${index}/repomd.xml

and then, instead of the last line above, repo_gpgcheck=1 and gpgkey=file:///the/public/key.asc. For apt-rpm:

  cd ${architecture}/base
  gpg --armor --detach-sign release && cat release.asc >>release && rm release.asc

and then the name of its vendor in brackets: rpm [NAME] file://...
`;
}
