// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { readText } from '../../host/files.ts';
import type { LocalPackage } from '../distribution.ts';
import type { SourceFiles } from '../source-input.ts';
import type { BaseFacts } from './base-facts.ts';
import { sourceFields } from './catalog/catalog-tables.ts';
import { Deb822Error, type Paragraph, parseDeb822 } from './deb822.ts';
import { controlOf } from './read-package.ts';

/** What a source says of its build dependencies. */
export interface BuildDependencies {
  /** Its paragraph, with what the base is to have in another version added; undefined where it can't be read. */
  readonly paragraph: Paragraph | undefined;
  /** A .dsc for apt that says the same; undefined where the source's own does. */
  readonly description: string | undefined;
  readonly replaced: readonly Replacement[];
}

/** A candidate that takes the place of what the base has, whatever the source asks for. */
export interface Replacement {
  readonly candidate: LocalPackage;
  readonly baseVersion: string;
}

/**
 * Reads a source's build dependencies and adds the candidates that the base has in another version, and what those need that
 * it has in the same one but not with the same content: what was given to build with is to be what it is built with, also
 * where the source asks for no version, or (compiler, libc) not at all.
 */
export async function readBuildDependencies(
  source: SourceFiles,
  candidates: readonly LocalPackage[],
  base: Pick<BaseFacts, 'catalog' | 'installed'> | undefined,
): Promise<BuildDependencies> {
  const paragraph = await readSourceParagraph(source);
  const replaced =
    base === undefined ? [] : candidates.flatMap((candidate) => replacementOf(candidate, base));
  if (paragraph === undefined || replaced.length === 0)
    return { paragraph, description: undefined, replaced };
  const field = 'build-depends';
  const own = (paragraph.get(field) ?? '').trim().replace(/,$/, '');
  const added = await Promise.all(replaced.map(neededFor));
  const more = new Map(paragraph).set(field, [own, ...added].filter((text) => text !== '').join(', '));
  return { paragraph: more, description: descriptionOf(source, more), replaced };
}

function replacementOf(
  candidate: LocalPackage,
  { catalog, installed }: Pick<BaseFacts, 'catalog' | 'installed'>,
): Replacement[] {
  const { name, version, architecture, sha256 } = candidate;
  const baseVersion = installed.get(name);
  if (baseVersion === undefined) return [];
  const isTheSame =
    version === baseVersion && catalog.findPackage(name, version, architecture)?.sha256 === sha256;
  return isTheSame ? [] : [{ candidate, baseVersion }];
}

/** One of the base's version can't be asked for by its version: what it needs itself is, and it comes on top of the answer. */
async function neededFor({ candidate, baseVersion }: Replacement): Promise<string> {
  if (candidate.version !== baseVersion) return `${candidate.name} (= ${candidate.version})`;
  const control = await controlOf(candidate);
  return ['pre-depends', 'depends'].flatMap((field) => control.get(field) ?? []).join(', ');
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
