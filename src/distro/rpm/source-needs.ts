// SPDX-License-Identifier: GPL-2.0-or-later
import { dirname, join } from 'node:path';
import { unreachable } from '../../base/invariant.ts';
import { makeDirectory, makeTemporaryDirectory, readText, writeText } from '../../host/files.ts';
import type { NotForArchitecture } from '../resolution.ts';
import type { CommandEnd, CommandRoot } from '../root.ts';
import type { SourceFiles } from '../source-input.ts';
import { formatRelation, relationsOf } from './header/header-dependencies.ts';
import { architectureProblem } from './header/source-architectures.ts';
import { readRpmFile } from './open-rpm-file.ts';
import { readPackageTar } from './package-tar.ts';
import { findSpec } from './source-package.ts';
import { readPreRequires } from './spec-pre-requires.ts';
import { readSpecRequires } from './spec-requires.ts';

/** What a source says that it needs to be built. */
export type SourceNeeds =
  | {
      readonly kind: 'read';
      /** Dependencies as they are written in spec files. */
      readonly requires: readonly string[];
      readonly conflicts: readonly string[];
    }
  | NotForArchitecture
  | { readonly kind: 'interrupted'; readonly end: CommandEnd };

/**
 * Reads it: from the header of a source package; from the spec file of a directory or of a tar file by the root's own rpm, whose
 * macros may be in it. Throws PasekaError bad-source-package.
 */
export async function readSourceNeeds(
  root: CommandRoot,
  { input, files }: SourceFiles,
  { architecture, scratchDirectory }: { readonly architecture: string; readonly scratchDirectory: string },
): Promise<SourceNeeds> {
  const path = files[0]?.path ?? '';
  switch (input.kind) {
    case 'repository':
    case 'local': {
      if (path.endsWith('.rpm') || input.kind === 'repository') {
        return readPackedNeeds(path, architecture);
      }
      const { specName, spec } = await readPackageTar(path);
      await using place = await makeTemporaryDirectory(scratchDirectory, 'source-');
      const directory = join(place.path, 'sources');
      await makeDirectory(directory, 0o755); // for the build user's eyes
      await writeText(join(directory, specName), spec, 0o644);
      return await readSpecRequires(root, directory, join(directory, specName));
    }
    case 'directory': {
      const spec = join(input.path, await findSpec(input.path));
      return readSpecRequires(root, dirname(spec), spec);
    }
    default:
      return unreachable(input);
  }
}

/**
 * What has to be installed before {@link readSourceNeeds}, whose rpm would not understand the source without: of a directory and a
 * tar file what readPreRequires finds, of a source package nothing. Throws PasekaError bad-source-package.
 */
export async function readFirstNeeds({ input, files }: SourceFiles): Promise<readonly string[]> {
  if (input.kind === 'directory') {
    return readPreRequires(await readText(join(input.path, await findSpec(input.path))));
  }
  const path = files[0]?.path ?? '';
  if (path.endsWith('.rpm') || input.kind === 'repository') return [];
  return readPreRequires((await readPackageTar(path)).spec);
}

/** What the header of a source package says of it. Throws PasekaError bad-source-package. */
export async function readPackedNeeds(
  path: string,
  architecture: string,
): Promise<Exclude<SourceNeeds, { kind: 'interrupted' }>> {
  const { header } = await readRpmFile(path, 'source');
  const explanation = architectureProblem(header, architecture);
  if (explanation !== undefined) return { kind: 'not-for-architecture', explanation };
  const texts = (kind: 'requires' | 'conflicts'): string[] =>
    relationsOf(header, kind)
      .filter(({ name }) => !name.startsWith('rpmlib('))
      // a set of symbols is matched by the name; rpm inside judges it
      .map(({ name, flags, version }) =>
        formatRelation({ name, flags, version: version.startsWith('set:') ? '' : version }),
      );
  return { kind: 'read', requires: texts('requires'), conflicts: texts('conflicts') };
}
