// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/**
 * An apt root: configuration, lists, caches and an empty status, all with the absolute path `path`, as prepared work
 * directories have it. `sources` are lines of a sources.list. Both caches are there and valid.
 */
export async function makeAptRoot(path: string, sources: readonly string[]): Promise<void> {
  for (const directory of ['state/lists/partial', 'cache/archives/partial', 'log']) {
    await fs.mkdir(join(path, directory), { recursive: true });
  }
  await fs.writeFile(join(path, 'apt.conf'), aptConfiguration(path));
  await fs.writeFile(join(path, 'sources.list'), sources.map((line) => `${line}\n`).join(''));
  await fs.writeFile(join(path, 'state/status'), '');
  const environment = aptEnvironment(path);
  await runTool(['apt-get', '--quiet', 'update'], { environment });
  await runTool(['apt-cache', 'gencaches'], { environment });
}

/** What makes apt's programs use the root at `path`, and nothing of the host's. */
export function aptEnvironment(path: string): Record<string, string> {
  return { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', APT_CONFIG: join(path, 'apt.conf') };
}

/**
 * Rewrites the paths of an apt root that was copied or moved to another place; the times of the files stay, so that
 * whatever apt does anew is for the path alone.
 */
export async function rewritePaths(root: string, from: string, to: string): Promise<void> {
  for (const name of ['apt.conf', 'sources.list']) {
    const file = join(root, name);
    const [text, { atime, mtime }] = await Promise.all([fs.readFile(file, 'utf8'), fs.stat(file)]);
    await fs.writeFile(file, text.replaceAll(from, to));
    await fs.utimes(file, atime, mtime);
  }
}

function aptConfiguration(path: string): string {
  const settings: Readonly<Record<string, string>> = {
    'APT::Architecture': 'amd64',
    'APT::Sandbox::User': 'root',
    'Acquire::Check-Valid-Until': 'false',
    'Acquire::Languages': 'none',
    'Dir::State': `${path}/state`,
    'Dir::State::status': `${path}/state/status`,
    'Dir::State::lists': `${path}/state/lists`,
    'Dir::Cache': `${path}/cache`,
    'Dir::Log': `${path}/log`,
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::sourcelist': `${path}/sources.list`,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} "${value}";\n`)
    .join('');
}

/** A repository of `count` packages without files, each depending on some earlier ones; gives its sources.list line. */
export async function makeListedRepository(directory: string, count: number): Promise<string> {
  const stanzas = Array.from({ length: count }, (_, index) => {
    const depends = [index >> 1, index >> 2]
      .filter((other) => other < index)
      .map((other) => `package-${other}`);
    return [
      `Package: package-${index}`,
      'Version: 1.0-1',
      'Architecture: amd64',
      'Maintainer: Nobody <nobody@example.org>',
      ...(depends.length === 0 ? [] : [`Depends: ${depends.join(', ')}`]),
      `Filename: pool/package-${index}.deb`,
      `Size: ${1000 + index}`,
      `SHA256: ${index.toString(16).padStart(64, '0')}`,
      `Description: package number ${index}`,
      '',
    ].join('\n');
  });
  const binary = join(directory, 'dists/test/main/binary-amd64');
  await fs.mkdir(binary, { recursive: true });
  await fs.writeFile(join(binary, 'Packages'), stanzas.join('\n'));
  const dist = join(directory, 'dists/test');
  const release = await runTool(
    ['apt-ftparchive', '-o', 'APT::FTPArchive::Release::Suite=test', 'release', '.'],
    { workingDirectory: dist },
  );
  await fs.writeFile(join(dist, 'Release'), release);
  return `deb [trusted=yes] copy:${directory} test main`;
}
