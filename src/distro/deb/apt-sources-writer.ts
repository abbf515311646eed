// SPDX-License-Identifier: GPL-2.0-or-later
import type { Repository } from '../repository.ts';

/**
 * Renders repositories as one deb822 `.sources` file, one stanza each, in their order, with both `deb` and `deb-src`
 * (only `deb-src` where `sourcesOnly`), or with the given types. The inverse of parseAptSources for what that returns.
 */
export function renderAptSources(
  repositories: readonly Repository[],
  types?: readonly ('deb' | 'deb-src')[],
): string {
  return repositories.map((repository) => renderStanza(repository, types)).join('\n');
}

function renderStanza(repository: Repository, types?: readonly string[]): string {
  const fields: (readonly [name: string, value: string | undefined])[] = [
    ['Types', joined(types ?? (repository.sourcesOnly === true ? ['deb-src'] : ['deb', 'deb-src']))],
    ['URIs', repository.uri],
    ['Suites', repository.suite],
    ['Components', joined(repository.components)],
    ['Architectures', joined(repository.architectures ?? [])],
    ['Signed-By', repository.signedBy === undefined ? undefined : renderSignedBy(repository.signedBy)],
    ['Trusted', renderSwitch(repository.trusted)],
    ['Check-Valid-Until', renderSwitch(repository.checkValidUntil)],
  ];
  return fields
    .filter((field): field is [string, string] => field[1] !== undefined)
    .map(([name, value]) => (value.startsWith('\n') ? `${name}:${value}\n` : `${name}: ${value}\n`))
    .join('');
}

function joined(words: readonly string[]): string | undefined {
  return words.length === 0 ? undefined : words.join(' ');
}

function renderSwitch(value: boolean | undefined): string | undefined {
  return value === undefined ? undefined : value ? 'yes' : 'no';
}

function renderSignedBy(signedBy: string): string {
  if (!signedBy.startsWith('-----BEGIN')) return signedBy;
  return signedBy
    .split('\n')
    .map((line) => `\n ${line === '' ? '.' : line}`)
    .join('');
}
