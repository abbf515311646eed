// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../../base/paseka-error.ts';
import type { Repository } from '../../repository.ts';

/** Options that nothing here takes notice of, though it would matter, and what to do instead. */
const unsupported: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['exclude', 'excludepkgs', 'includepkgs'].map((name) => [name, 'dnf would choose other packages']),
  ),
  ...Object.fromEntries(
    ['username', 'password'].map((name) => [name, 'write it into the address, https://NAME:PASSWORD@HOST/']),
  ),
  proxy: 'name it in the environment (http_proxy, https_proxy)',
  ...Object.fromEntries(
    ['sslclientcert', 'sslclientkey'].map((name) => [name, 'only what needs no certificate can be fetched']),
  ),
  sslcacert: 'name it in the environment (NODE_EXTRA_CA_CERTS)',
};

/**
 * Parses what dnf.conf(5) and zypper(8) describe as `.repo` files: the enabled repositories, in the order of the file. Of
 * several addresses the first is taken. A list of mirrors becomes an address with `metalink+` or `mirrorlist+` before it,
 * which the freeze follows; `$basearch` and `$arch` stay for the freeze, too.
 *
 * Signatures: `repo_gpgcheck` asks for a signed index, `gpgcheck` (which is on where neither is said) for signed packages.
 * `gpgcheck=0` without `repo_gpgcheck` asks for none.
 *
 * @param name the file's, for messages. @param release stands for `$releasever`.
 * Throws PasekaError bad-source-list with the line.
 */
export function parseRepoFile(text: string, name: string, release: string | undefined): Repository[] {
  return parseSections(text, name).flatMap((section) => {
    if (!isTrue(section.option('enabled') ?? '1', section)) return [];
    return [toRepository(section, release)];
  });
}

function toRepository(section: Section, release: string | undefined): Repository {
  for (const [name, instead] of Object.entries(unsupported)) {
    if (!['', '_none_'].includes(section.option(name) ?? ''))
      throw section.problem(`${name} is not supported here: ${instead}`);
  }
  const fill = (value: string): string => fillVariables(value, section, release);
  const keys = words(section.option('gpgkey')).map(fill);
  const checksIndex = isTrue(section.option('repo_gpgcheck') ?? '0', section);
  const checksPackages = isTrue(
    section.option('gpgcheck') ?? section.option('pkg_gpgcheck') ?? (checksIndex ? '0' : '1'),
    section,
  );
  const priority = section.option('priority');
  if (priority !== undefined && !/^-?\d+$/.test(priority)) {
    throw section.problem(`priority is no number: ${priority}`);
  }
  return {
    uri: fill(addressOf(section)),
    suite: section.id,
    components: [],
    ...(keys.length === 0 ? {} : { signedBy: keys.join(',') }),
    ...(checksIndex || checksPackages ? {} : { trusted: true }),
    ...(checksPackages ? { signatureOf: checksIndex ? ('both' as const) : ('packages' as const) } : {}),
    ...(priority === undefined ? {} : { priority: Number(priority) }),
  };
}

function addressOf(section: Section): string {
  const [base] = words(section.option('baseurl'));
  if (base !== undefined) {
    const path = (section.option('path') ?? '').replace(/^\/+/, '');
    const whole = base.startsWith('/') ? `file://${base}` : base;
    return path === '' ? whole : `${whole.replace(/\/+$/, '')}/${path}`;
  }
  const metalink = section.option('metalink');
  if (metalink !== undefined) return `metalink+${metalink}`;
  const mirrorlist = section.option('mirrorlist');
  if (mirrorlist !== undefined) return `mirrorlist+${mirrorlist}`;
  throw section.problem(`[${section.id}] has no baseurl`);
}

function fillVariables(value: string, section: Section, release: string | undefined): string {
  return value.replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole: string, braced?: string, bare?: string) => {
    const variable = braced ?? bare ?? '';
    switch (variable) {
      case 'basearch':
      case 'arch':
        return `$${variable}`;
      case 'releasever':
      case 'releasever_major':
        if (release === undefined) {
          throw section.problem(`[${section.id}] is of a release ($releasever): say which, by --suite`);
        }
        return variable === 'releasever' ? release : (release.split('.')[0] ?? '');
      default:
        throw section.problem(`[${section.id}] has a variable that is not known here: ${whole}`);
    }
  });
}

interface Section {
  readonly id: string;
  option(name: string): string | undefined;
  problem(message: string): PasekaError;
}

function parseSections(text: string, fileName: string): Section[] {
  const problem = (message: string, line: number): PasekaError =>
    new PasekaError(
      'bad-source-list',
      `${fileName}:${line}: ${message}`,
      'dnf.conf(5) describes the format; a minimal file is `[id]` and `baseurl=http://mirror.example.org/rpm/`',
    );
  const sections: { readonly id: string; readonly line: number; readonly options: Map<string, string> }[] =
    [];
  let last: string | undefined;
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.replace(/\r$/, '');
    if (/^\s*([#;]|$)/.test(line)) continue;
    const section = sections.at(-1);
    const header = /^\[([^\]\s/]+)\]\s*$/.exec(line)?.[1];
    if (header !== undefined) {
      if (sections.some(({ id }) => id === header))
        throw problem(`[${header}] stands there twice`, index + 1);
      sections.push({ id: header, line: index + 1, options: new Map() });
      last = undefined;
    } else if (/^\s/.test(line) && section !== undefined && last !== undefined) {
      section.options.set(last, `${section.options.get(last) ?? ''}\n${line.trim()}`);
    } else {
      const [, name, value = ''] = /^([\w.]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
      if (name === undefined || section === undefined) throw problem(`not an option: ${line}`, index + 1);
      section.options.set(name, value);
      last = name;
    }
  }
  return sections
    .filter(({ id }) => id !== 'main')
    .map(({ id, line, options }) => ({
      id,
      option: (name) => options.get(name),
      problem: (message) => problem(message, line),
    }));
}

function words(value: string | undefined): string[] {
  return (value ?? '').split(/[\s,]+/).filter((word) => word !== '');
}

function isTrue(value: string, section: Section): boolean {
  if (/^(1|yes|true|on)$/i.test(value)) return true;
  if (/^(0|no|false|off)$/i.test(value)) return false;
  throw section.problem(`neither yes nor no: ${value}`);
}
