// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CatalogInput } from '../src/distro/deb/catalog/catalog-input.ts';
import { isSuccess, runProcess } from '../src/host/process.ts';

/** What apt answered: the packages that it would install as `name version architecture`, sorted, or that it can't. */
export interface AptAnswer {
  readonly source: string;
  readonly install: readonly string[];
  readonly remove: readonly string[];
  readonly error: string | null;
}

/** A base of a suite with the real lists of the host's mirror, and its own apt to ask. */
export interface AptOracle {
  readonly inputs: readonly CatalogInput[];
  readonly status: string;
  readonly extendedStates: string;
  ask(command: readonly string[]): Promise<AptAnswer>;
}

const environment = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' };

/** Makes (once, in `directory`) a base and a list of packages and sources of `suite`, as root. */
export async function prepareOracle(directory: string, suite: string): Promise<AptOracle> {
  const place = (...parts: string[]): string => join(directory, ...parts);
  const base = place(`base-${suite}`);
  const sources = place(`${suite}.sources`);
  const aptRoot = place(`apt-${suite}`);
  const lists = join(aptRoot, 'var/lib/apt/lists');
  const cache = place(`cache-${suite}`);
  await mkdir(directory, { recursive: true });
  if (!existsSync(sources)) await writeFile(sources, await sourcesOfHost(suite));
  if (!existsSync(lists)) {
    for (const path of [
      'etc/apt/sources.list.d',
      'var/lib/dpkg',
      'var/lib/apt/lists/partial',
      'var/cache/apt/archives/partial',
    ]) {
      await mkdir(join(aptRoot, path), { recursive: true });
    }
    await writeFile(join(aptRoot, 'etc/apt/sources.list.d/x.sources'), await readFile(sources, 'utf8'));
    await writeFile(join(aptRoot, 'var/lib/dpkg/status'), '');
    const options = [
      `Dir=${aptRoot}`,
      `Dir::State::status=${aptRoot}/var/lib/dpkg/status`,
      'Acquire::Languages=none',
    ];
    const more = [
      'Acquire::Check-Valid-Until=false',
      'APT::Sandbox::User=root',
      'Acquire::GzipIndexes=false',
    ];
    await must(['apt-get', ...[...options, ...more].flatMap((option) => ['-o', option]), 'update']);
  }
  if (!existsSync(base)) {
    const binaries = place(`${suite}-deb.sources`);
    await writeFile(binaries, (await readFile(sources, 'utf8')).replace(' deb-src', ''));
    const options = ['--mode=root', '--variant=buildd', '--include=fakeroot', '--format=directory'];
    await must([
      'mmdebstrap',
      ...options,
      '--aptopt=Acquire::Check-Valid-Until "false"',
      suite,
      base,
      binaries,
    ]);
  }
  const mounts = ['--ro-bind', base, '/', '--dev', '/dev', '--proc', '/proc', '--tmpfs', '/tmp'];
  const own = await readdir(join(base, 'etc/apt/sources.list.d'));
  for (const name of own) mounts.push('--ro-bind', '/dev/null', `/etc/apt/sources.list.d/${name}`);
  mounts.push(
    '--ro-bind',
    sources,
    '/etc/apt/sources.list.d/x.sources',
    '--bind',
    lists,
    '/var/lib/apt/lists',
  );
  mounts.push('--bind', cache, '/var/cache/apt', '--unshare-net', '--unshare-pid', '--die-with-parent', '--');
  await writeFile(join(base, 'etc/apt/sources.list.d/x.sources'), '');
  if (!existsSync(cache)) await mkdir(join(cache, 'archives/partial'), { recursive: true });
  await must(['bwrap', ...mounts, 'apt-cache', 'gencaches']);
  const run = (command: readonly string[]): ReturnType<typeof runProcess> =>
    runProcess({ command: ['nice', 'bwrap', ...mounts, ...command], environment });
  const names = (await readdir(lists)).filter((name) => /_(Packages|Sources)$/.test(name));
  return {
    inputs: names.map((name) => inputOf(join(lists, name), suite)),
    status: await readFile(join(base, 'var/lib/dpkg/status'), 'utf8'),
    extendedStates: await readFile(join(base, 'var/lib/apt/extended_states'), 'utf8'),
    ask: async (command) => {
      const { end, stdout, stderr } = await run(['apt-get', '-s', '-o', 'Debug::NoLocking=1', ...command]);
      const failed = !isSuccess(end);
      return {
        ...parseSimulation(stdout),
        source: command.at(-1) ?? '',
        error: failed ? `${stdout}${stderr}` : null,
      };
    },
  };
}

function inputOf(path: string, suite: string): CatalogInput {
  const kind = path.endsWith('Packages') ? 'packages' : 'sources';
  const uri = 'http://mirror.example.org/debian';
  return {
    kind,
    path,
    uri,
    suite,
    codename: suite,
    component: 'main',
    notAutomatic: false,
    butAutomaticUpgrades: false,
  };
}

function parseSimulation(output: string): Pick<AptAnswer, 'install' | 'remove'> {
  const install: string[] = [];
  const remove: string[] = [];
  for (const line of output.split('\n')) {
    const match = /^Inst (\S+) (?:\[\S+\] )?\((\S+) .*\[(\S+)\]\)/.exec(line);
    if (match !== null) install.push(`${match[1]?.replace(/:.*/, '')} ${match[2]} ${match[3]}`);
    const removed = /^Remv (\S+)/.exec(line);
    if (removed !== null) remove.push(removed[1] ?? '');
  }
  return { install: install.sort(), remove: remove.sort() };
}

async function sourcesOfHost(suite: string): Promise<string> {
  const text = await readFile('/etc/apt/sources.list.d/debian.sources', 'utf8');
  const [paragraph = ''] = text.split('\n\n');
  const plain = paragraph.split('\n').filter((line) => !line.startsWith('#'));
  return `${plain
    .join('\n')
    .replace(/^Types:.*$/m, 'Types: deb deb-src')
    .replace(/^Suites:.*$/m, `Suites: ${suite}`)}\n`;
}

async function must(command: readonly [string, ...string[]]): Promise<void> {
  const { end, stderr } = await runProcess({ command, environment });
  if (!isSuccess(end)) throw new Error(`${command.join(' ')} failed: ${stderr.slice(-2000)}`);
}
