// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { PasekaError } from '../base/paseka-error.ts';
import { type Installable, installRemedy, type Packaging, packagingOf } from './packaging.ts';

let known: Packaging | undefined;

/** How packages are installed on this host, by its os-release(5); looked at once. */
export function hostPackaging(): Packaging {
  known ??= packagingOf(read('/etc/os-release') ?? read('/usr/lib/os-release') ?? '');
  return known;
}

/** That this host lacks something, with the command that installs it. */
export function toolMissing(message: string, wanted: Installable, cause?: unknown): PasekaError {
  return new PasekaError('tool-missing', message, installRemedy(hostPackaging(), wanted), cause);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined; // then nobody says it
  }
}
