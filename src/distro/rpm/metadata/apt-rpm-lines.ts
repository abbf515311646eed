// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../../base/paseka-error.ts';
import type { Repository } from '../../repository.ts';

/** Stands before the address of a directory that has packages and no index. */
export const rpmDirectoryPrefix = 'rpm-dir+';

/** Whether a sources.list has lines of apt-rpm. */
export function hasAptRpmLines(text: string): boolean {
  return text.split('\n').some((line) => /^\s*rpm(-src|-dir)?\s/.test(line));
}

/**
 * Parses a sources.list of apt-rpm, in the order of its lines: `rpm [VENDOR] URI DISTRIBUTION COMPONENT...`, `rpm-src` for
 * sources alone, and `rpm-dir` for directories of packages without an index, whose address gets {@link rpmDirectoryPrefix} before it. An
 * `rpm-src` line that repeats an `rpm` line disappears, because a freeze takes both. Where a vendor is named, the release
 * file has to be signed; others are taken as they are.
 *
 * @param name the file's, for messages. Throws PasekaError bad-source-list with the line.
 */
export function parseAptRpmLines(text: string, name: string): Repository[] {
  const repositories: Repository[] = [];
  for (const [index, whole] of text.split('\n').entries()) {
    const line = whole.replace(/#.*$/, '').trim();
    if (line === '') continue;
    const problem = (message: string): PasekaError =>
      new PasekaError(
        'bad-source-list',
        `${name}:${index + 1}: ${message}`,
        'write `rpm http://mirror.example.org/ALTLinux/Sisyphus x86_64 classic`',
      );
    const [, type = '', vendor, rest = ''] = /^(\S+)\s+(?:\[([^\]]*)\]\s+)?(.*)$/.exec(line) ?? [];
    if (!['rpm', 'rpm-src', 'rpm-dir'].includes(type)) throw problem(`not a line of apt-rpm: ${line}`);
    const [uri, suite, ...components] = rest.split(/\s+/);
    if (uri === undefined || suite === undefined || components.length === 0) {
      throw problem(`an address, a distribution and a component are needed: ${line}`);
    }
    if (!/^[a-z]+:/i.test(uri)) throw problem(`not an address: ${uri}`);
    const isSource = type === 'rpm-src';
    const address = `${type === 'rpm-dir' ? rpmDirectoryPrefix : ''}${uri.replace(/\/+$/, '').replace(/^copy:/i, 'file:')}`;
    for (const component of components) {
      const known = repositories.findIndex(
        (one) => one.uri === address && one.suite === suite && one.components[0] === component,
      );
      const { sourcesOnly, ...both } = repositories[known] ?? {};
      if (known >= 0) {
        if (sourcesOnly === true && !isSource) repositories[known] = both as Repository;
        continue;
      }
      repositories.push({
        uri: address,
        suite,
        components: [component],
        ...(vendor === undefined ? { trusted: true } : {}),
        ...(isSource ? { sourcesOnly: true } : {}),
      });
    }
  }
  return repositories;
}
