// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';
import { frozenLayout } from './frozen-directory.ts';

/**
 * Asks the host's apt about a frozen directory, with nothing of the host's own configuration, lists or installed
 * packages: as if on an empty system. Returns standard output; throws PasekaError tool-missing or tool-failed.
 */
export async function askHostApt(
  frozenDirectory: string,
  architecture: string,
  command: readonly [string, ...string[]],
  signal?: AbortSignal,
): Promise<string> {
  const options = {
    'Dir::Etc::main': '/dev/null',
    'Dir::Etc::parts': '/dev/null',
    'Dir::Etc::preferences': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::Etc::sourcelist': join(frozenDirectory, frozenLayout.sources),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': join(frozenDirectory, frozenLayout.lists),
    'Dir::State::status': '/dev/null',
    'Dir::State::extended_states': '/dev/null',
    // With the host's archive, files that happen to be there would not be listed.
    'Dir::Cache::archives': join(frozenDirectory, 'no-archives'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Install-Recommends': 'false',
    'Acquire::Languages': 'none',
    'Acquire::ForceHash': 'SHA256',
    'Debug::NoLocking': 'true',
  };
  const [tool, ...args] = command;
  const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const result = await runProcess({
    command: [tool, ...flags, ...args],
    environment: toolEnvironment({ APT_CONFIG: '/dev/null' }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (isSuccess(result.end)) return result.stdout;
  if (result.end.kind === 'not-started') {
    throw new PasekaError('tool-missing', `${tool} could not be started`, 'run paseka doctor');
  }
  if (result.end.kind === 'cancelled')
    throw new PasekaError('cancelled', `${tool} was cancelled`, 'start it again');
  throw new PasekaError(
    'tool-failed',
    `${tool}: ${firstErrors(result.stderr)}`,
    'see the message of the tool itself',
  );
}

/** The lines of apt's standard error that begin with `E:`, or its last line. */
export function firstErrors(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => line.startsWith('E:')).map((line) => line.slice(2).trim());
  return errors.length > 0 ? errors.slice(0, 5).join('; ') : (lines.at(-1) ?? 'no message');
}
