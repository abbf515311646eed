// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join, relative } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import type { NotForArchitecture } from '../resolution.ts';
import type { CommandEnd, CommandRoot } from '../root.ts';
import { architectureRefusal, specFailure } from './rpm-messages.ts';

const place = '/mnt/source';
const separator = '\0';

/** Both lists in one start of a sandbox. */
const queryScript = `rpmspec --buildrequires "$@" && printf '\\0' && rpmspec --buildconflicts "$@"`;

/** What a spec file asks for, or how reading it was interrupted. */
export type SpecRequires =
  | { readonly kind: 'read'; readonly requires: readonly string[]; readonly conflicts: readonly string[] }
  | NotForArchitecture
  | { readonly kind: 'interrupted'; readonly end: CommandEnd };

/**
 * What a spec file of a directory needs, expanded by the root's own rpm with its macros. Throws PasekaError bad-source-package.
 * @param spec the spec file's path, somewhere below the directory
 */
export async function readSpecRequires(
  root: CommandRoot,
  directory: string,
  spec: string,
): Promise<SpecRequires> {
  const inside = join(place, relative(directory, spec));
  const { end, output, tail } = await root.run({
    command: ['/bin/sh', '-c', queryScript, 'query', '--query', '--define', `_sourcedir ${place}`, inside],
    identity: 'builder',
    binds: [{ source: directory, target: place }],
    output: 'capture',
  });
  if (end.kind !== 'exited') return { kind: 'interrupted', end };
  const explanation = architectureRefusal(tail);
  if (end.exitCode !== 0 && explanation !== undefined) return { kind: 'not-for-architecture', explanation };
  if (end.exitCode !== 0) throw bad(spec, specFailure(tail));
  const [requires = [], conflicts = []] = output.split(separator).map((part) =>
    part
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('rpmlib(')),
  );
  return { kind: 'read', requires, conflicts };
}

function bad(path: string, why: string): PasekaError {
  return new PasekaError(
    'bad-source-package',
    `${basename(path)}: ${why}`,
    'correct the spec file, or give an .src.rpm',
  );
}
