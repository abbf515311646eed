// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { readText } from '../../host/files.ts';
import type { LocalPackage } from '../distribution.ts';
import type { SourceFiles } from '../source-input.ts';
import { sourceFields } from './catalog/catalog-tables.ts';
import { Deb822Error, type Paragraph, parseDeb822 } from './deb822.ts';

/** What a source says of its build dependencies. */
export interface BuildDependencies {
  /** Its paragraph, with what the base is to have in another version added; undefined where it can't be read. */
  readonly paragraph: Paragraph | undefined;
  /** A .dsc for apt that says the same; undefined where the source's own does. */
  readonly description: string | undefined;
  readonly replaced: readonly Replacement[];
}

/** A candidate that was added, and the version that the base has instead. */
export interface Replacement {
  readonly name: string;
  readonly version: string;
  readonly baseVersion: string;
}

/**
 * Reads a source's build dependencies and adds the candidates that the base has in another version: what was given to
 * build with is to be what it is built with, also where the source asks for no version, or (compiler, libc) not at all.
 */
export async function readBuildDependencies(
  source: SourceFiles,
  candidates: readonly LocalPackage[],
  installed: ReadonlyMap<string, string>,
): Promise<BuildDependencies> {
  const paragraph = await readSourceParagraph(source);
  const replaced = candidates
    .map(({ name, version }) => ({ name, version, baseVersion: installed.get(name) ?? version }))
    .filter(({ version, baseVersion }) => version !== baseVersion);
  if (paragraph === undefined || replaced.length === 0)
    return { paragraph, description: undefined, replaced };
  const field = 'build-depends';
  const own = (paragraph.get(field) ?? '').trim().replace(/,$/, '');
  const added = replaced.map(({ name, version }) => `${name} (= ${version})`);
  const more = new Map(paragraph).set(field, [...(own === '' ? [] : [own]), ...added].join(', '));
  return { paragraph: more, description: descriptionOf(source, more), replaced };
}

async function readSourceParagraph(source: SourceFiles): Promise<Paragraph | undefined> {
  const [first] = source.files;
  const path = source.input.kind === 'directory' ? join(source.input.path, 'debian', 'control') : first?.path;
  if (path === undefined) return undefined;
  try {
    return parseDeb822(await readText(path))[0];
  } catch (error) {
    if (error instanceof Deb822Error) return undefined;
    throw error;
  }
}

function descriptionOf({ input }: SourceFiles, paragraph: Paragraph): string {
  const fields = [
    'Format: 1.0',
    `Source: ${input.name}`,
    `Binary: ${input.name}`,
    'Architecture: any all',
    `Version: ${input.version}`,
  ];
  for (const field of sourceFields) {
    const value = paragraph.get(field)?.replaceAll('\n', ' ').trim() ?? '';
    if (value !== '') fields.push(`${field}: ${value}`);
  }
  return `${fields.join('\n')}\n`;
}
