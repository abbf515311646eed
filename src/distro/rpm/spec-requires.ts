// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import type { CommandEnd, Root } from '../root.ts';
import { findSpec } from './source-package.ts';

const place = '/mnt/source';

/** What a spec file asks for, or how reading it was interrupted. */
export type SpecRequires =
  | { readonly kind: 'read'; readonly requires: readonly string[] }
  | { readonly kind: 'interrupted'; readonly end: CommandEnd };

/**
 * The BuildRequires of the spec file that a directory of the user's is built by, expanded by the root's own rpm with its macros.
 * Throws PasekaError bad-source-package.
 */
export async function readSpecRequires(root: Root, directory: string): Promise<SpecRequires> {
  const spec = await findSpec(directory);
  const { end, output, tail } = await root.run({
    command: ['rpmspec', '--query', '--buildrequires', '--define', `_sourcedir ${place}`, join(place, spec)],
    identity: 'builder',
    binds: [{ source: directory, target: place }],
    output: 'capture',
  });
  if (end.kind !== 'exited') return { kind: 'interrupted', end };
  if (end.exitCode !== 0) throw bad(join(directory, spec), tail.trim().slice(-1000));
  const requires = output.split('\n').map((line) => line.trim());
  return { kind: 'read', requires: requires.filter((line) => line !== '' && !line.startsWith('rpmlib(')) };
}

function bad(path: string, why: string): PasekaError {
  return new PasekaError(
    'bad-source-package',
    `${path}: ${why}`,
    'correct the spec file, or give an .src.rpm',
  );
}
