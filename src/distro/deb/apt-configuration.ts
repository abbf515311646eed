// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { isSuccess, runProcess } from '../../host/process.ts';

/** Settings of apt.conf(5), as `apt-config dump` prints them. Names are compared without regard to case, as apt does. */
export class AptConfiguration {
  readonly #entries: readonly (readonly [name: string, value: string])[];

  constructor(entries: readonly (readonly [name: string, value: string])[]) {
    this.#entries = entries;
  }

  /** The value; undefined where it is absent or empty. */
  get(name: string): string | undefined {
    const wanted = name.toLowerCase();
    const value = this.#entries.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1];
    return value === '' ? undefined : value;
  }

  /** All set names and values for which `isWanted` holds, in their order; a list's entries have names ending in `::`. */
  select(isWanted: (name: string) => boolean): (readonly [name: string, value: string])[] {
    return this.#entries.filter(([name, value]) => value !== '' && isWanted(name));
  }

  /** An absolute path by apt's rule: a relative one is below its parent setting's (`Dir::Etc::netrc` below `Dir::Etc`). */
  path(name: string): string | undefined {
    let path = this.get(name);
    if (path === undefined) return undefined;
    let parent = name;
    while (!path.startsWith('/')) {
      const colons: number = parent.lastIndexOf('::');
      if (colons < 0) break;
      parent = parent.slice(0, colons);
      const above = this.get(parent);
      if (above !== undefined) path = `${above.replace(/\/$/, '')}/${path}`;
    }
    return path.startsWith('/') ? path : undefined;
  }
}

/** Parses the output of `apt-config dump`. */
export function parseAptConfigDump(text: string): AptConfiguration {
  const entries: (readonly [string, string])[] = [];
  for (const match of text.matchAll(/^(\S+) "(.*)";$/gm)) entries.push([match[1] ?? '', match[2] ?? '']);
  return new AptConfiguration(entries);
}

/** The host's own apt configuration. Throws PasekaError tool-missing without apt, tool-failed where it is broken. */
export async function readHostAptConfiguration(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<AptConfiguration> {
  const result = await runProcess({
    command: ['apt-config', 'dump'],
    environment: aptEnvironment(environment),
  });
  if (result.end.kind === 'not-started') {
    throw new PasekaError(
      'tool-missing',
      'apt-config is not installed',
      'run `apt-get install apt`',
      result.end,
    );
  }
  if (!isSuccess(result.end)) {
    throw new PasekaError(
      'tool-failed',
      `apt-config dump failed: ${result.stderr.trim()}`,
      'mend the configuration in /etc/apt/apt.conf.d',
    );
  }
  return parseAptConfigDump(result.stdout);
}

/** What apt's programs may see of this process's environment: where programs are, proxies, and the language C. */
export function aptEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const kept: Record<string, string> = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' };
  for (const name of [
    'PATH',
    'APT_CONFIG',
    'http_proxy',
    'https_proxy',
    'ftp_proxy',
    'all_proxy',
    'no_proxy',
  ]) {
    const value = environment[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}
