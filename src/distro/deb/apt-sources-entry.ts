// SPDX-License-Identifier: GPL-2.0-or-later
import type { Repository } from '../repository.ts';

/** An entry that can't be understood; `line` counts from 1. */
export class SourceListError extends Error {
  override readonly name = 'SourceListError';
  readonly line: number;

  constructor(message: string, line: number, cause?: unknown) {
    super(message, { cause });
    this.line = line;
  }
}

/** One type, URI and suite of a sources file, with its options. */
export interface RepositoryEntry {
  readonly type: 'deb' | 'deb-src';
  readonly repository: Repository;
}

/** What both formats offer to build entries from. */
export interface EntryFields {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly signedBy: string | undefined;
  readonly trusted: string | undefined;
  readonly checkValidUntil: string | undefined;
  readonly architectures: readonly string[];
  readonly line: number;
}

/** All combinations of types, suites and URIs, checked. Throws {@link SourceListError}. */
export function makeEntries(fields: EntryFields): RepositoryEntry[] {
  const { line } = fields;
  if (fields.types.length === 0) throw new SourceListError('the type (deb or deb-src) is missing', line);
  const types = fields.types.map((type) => {
    if (type === 'deb' || type === 'deb-src') return type;
    throw new SourceListError(`unknown type: ${type}`, line);
  });
  if (fields.uris.length === 0) throw new SourceListError('the URI is missing', line);
  if (fields.suites.length === 0) throw new SourceListError('the suite is missing', line);
  const options: Partial<Repository> = {
    ...(fields.signedBy === undefined ? {} : { signedBy: fields.signedBy }),
    ...parseSwitch('trusted', fields.trusted, line),
    ...parseSwitch('checkValidUntil', fields.checkValidUntil, line),
    ...(fields.architectures.length === 0 ? {} : { architectures: fields.architectures }),
  };
  const entries: RepositoryEntry[] = [];
  for (const type of types) {
    for (const uri of fields.uris) {
      if (!/^[a-z][a-z0-9+.-]*:./i.test(uri)) throw new SourceListError(`not a URI: ${uri}`, line);
      for (const suite of fields.suites) {
        const isFlat = suite.endsWith('/');
        if (isFlat && fields.components.length > 0) {
          throw new SourceListError(`the suite ${suite} is a path, so no component may follow it`, line);
        }
        if (!isFlat && fields.components.length === 0) {
          throw new SourceListError(`no component after the suite ${suite}`, line);
        }
        const repository = {
          uri: uri.replace(/\/+$/, ''),
          suite,
          components: [...new Set(fields.components)],
          ...options,
        };
        entries.push({ type, repository });
      }
    }
  }
  return entries;
}

/** Repositories from entries: see parseAptSources for how `deb-src` is treated. */
export function mergeEntries(entries: readonly RepositoryEntry[]): Repository[] {
  const binaryComponents = new Map<string, Set<string>>();
  for (const { type, repository } of entries) {
    if (type === 'deb-src') continue;
    const components = binaryComponents.get(placeOf(repository)) ?? new Set();
    binaryComponents.set(placeOf(repository), components);
    for (const component of componentsOrFlat(repository)) components.add(component);
  }
  const merged: Repository[] = [];
  const seen = new Set<string>();
  for (const { type, repository } of entries) {
    const place = placeOf(repository);
    const kept = componentsOrFlat(repository).filter((component) => {
      if (type === 'deb-src' && binaryComponents.get(place)?.has(component) === true) return false;
      const key = JSON.stringify([type, place, component]);
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    if (kept.length === 0) continue;
    const components = kept.filter((component) => component !== flatComponent);
    merged.push({ ...repository, components, ...(type === 'deb-src' ? { sourcesOnly: true } : {}) });
  }
  return merged;
}

const flatComponent = '';

function componentsOrFlat(repository: Repository): readonly string[] {
  return repository.components.length === 0 ? [flatComponent] : repository.components;
}

function placeOf(repository: Repository): string {
  return JSON.stringify([repository.uri, repository.suite, repository.architectures ?? null]);
}

// The words are those of apt's own StringToBool.
function parseSwitch<Name extends string>(
  name: Name,
  value: string | undefined,
  line: number,
): { readonly [key in Name]?: boolean } {
  if (value === undefined) return {};
  const word = value.toLowerCase();
  if (/^(1|yes|true|with|on|enable)$/.test(word)) return { [name]: true } as { [key in Name]?: boolean };
  if (/^(0|no|false|without|off|disable)$/.test(word))
    return { [name]: false } as { [key in Name]?: boolean };
  throw new SourceListError(`neither yes nor no: ${value}`, line);
}
