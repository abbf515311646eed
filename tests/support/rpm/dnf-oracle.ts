// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSuccess, runProcess } from '../../../src/host/process.ts';

/** What dnf would do: install these (`name-[epoch:]version-release.arch`, sorted), or why it can't. */
export type DnfAnswer =
  | { readonly kind: 'resolved'; readonly packages: readonly string[] }
  | { readonly kind: 'unsatisfiable'; readonly said: string };

export interface DnfQuestion {
  /** Addresses by name, with dnf's priorities where there are some. */
  readonly repositories: readonly {
    readonly name: string;
    readonly uri: string;
    readonly priority?: number;
  }[];
  /** What is installed already; default an empty root. */
  readonly root?: string;
  /** Words of `dnf install` or `dnf builddep`. */
  readonly command: readonly ['install' | 'builddep', ...string[]];
}

/** dnf itself, in directories of its own; it keeps its caches as long as {@link forget} isn't called. */
export class DnfOracle {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Throws where dnf does neither. */
  async ask(question: DnfQuestion): Promise<DnfAnswer> {
    const path = (name: string): string => join(this.#directory, name);
    for (const name of ['home', 'repos', 'cache', 'root']) await mkdir(path(name), { recursive: true });
    // Debian's rpm has its database in the user's home otherwise
    await writeFile(path('home/.rpmmacros'), '%_dbpath /var/lib/rpm\n');
    const sections = question.repositories.map(
      ({ name, uri, priority }) =>
        `[${name}]\nname=${name}\nbaseurl=${uri}\ngpgcheck=0\n${priority === undefined ? '' : `priority=${priority}\n`}`,
    );
    await writeFile(path('repos/made.repo'), sections.join('\n'));
    const [verb, ...words] = question.command;
    const { end, stdout, stderr } = await runProcess({
      command: [
        'dnf',
        '--assumeno',
        '--refresh',
        '--disableplugin=*',
        ...(verb === 'builddep' ? ['--enableplugin=builddep'] : []),
        `--installroot=${question.root ?? path('root')}`,
        '--releasever=1',
        `--setopt=reposdir=${path('repos')}`,
        `--setopt=cachedir=${path('cache')}`,
        `--setopt=logdir=${path('cache')}`,
        '--setopt=install_weak_deps=0',
        '--setopt=gpgcheck=0',
        '--setopt=best=0',
        // any file can be asked for; newer ones do not read the lists of all files by themselves
        '--setopt=optional_metadata_types=filelists',
        verb,
        ...words,
      ],
      environment: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', HOME: path('home'), COLUMNS: '400' },
      timeoutMs: 120_000,
    });
    if (stdout.includes('Nothing to do.')) return { kind: 'resolved', packages: [] };
    const installed = parseTable(stdout);
    if (installed.length > 0 && stderr.includes('Operation aborted')) {
      return { kind: 'resolved', packages: installed.sort() };
    }
    const said = `${stdout}\n${stderr}`;
    if (
      /Problem|No match for argument|Unable to find a match|No matching package|Not all dependencies/.test(
        said,
      )
    ) {
      return { kind: 'unsatisfiable', said };
    }
    throw new Error(`dnf ${question.command.join(' ')}: ${JSON.stringify(end)} ${isSuccess(end)}\n${said}`);
  }

  /** Forgets what it knows of repositories. */
  async forget(): Promise<void> {
    await rm(join(this.#directory, 'cache'), { recursive: true, force: true });
  }
}

/** The rows of what is installed or upgraded; a long name has the rest of its row on the next line. */
function parseTable(output: string): string[] {
  const joined = output.replace(/^( \S+)\n\s+/gm, '$1 ');
  const found: string[] = [];
  let isInstalled = false;
  for (const line of joined.split('\n')) {
    if (/^(Installing|Upgrading|Reinstalling|Downgrading)/.test(line)) isInstalled = true;
    // what is removed, and what is only told: "Skipping packages with conflicts"
    else if (/^\S/.test(line)) isInstalled = false;
    const [, name, arch, evr] = /^ (\S+) +(\S+) +(\S+) +\S+ +[\d.]+ ?[kMG]? *$/.exec(line) ?? [];
    if (isInstalled && name !== undefined) found.push(`${name}-${evr}.${arch}`);
  }
  return found;
}
