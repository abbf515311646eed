// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { toolMissing } from '../../host/host-packaging.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';
import { findTool } from '../../host/tools.ts';

/**
 * Whether a detached signature of a file is good and by one of the keys; else why not. By gpgv, or sqv where a host has
 * that. Throws PasekaError tool-missing, cancelled.
 */
export async function signatureProblem(
  file: string,
  signature: string,
  keyring: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  const { end, stderr } = await runProcess({
    command: verifyCommand(file, signature, keyring),
    environment: toolEnvironment(),
    timeoutMs: 60_000,
    ...(signal === undefined ? {} : { signal }),
  });
  if (isSuccess(end)) return undefined;
  if (end.kind === 'cancelled')
    throw new PasekaError('cancelled', 'checking a signature was cancelled', 'start it again');
  const said = stderr
    .split('\n')
    .map((line) => line.replace(/^gpgv: /, '').trim())
    .filter((line) => line !== '');
  return said.length === 0 ? JSON.stringify(end) : said.join('; ');
}

function verifyCommand(file: string, signature: string, keyring: string): readonly [string, ...string[]] {
  if (findTool('gpgv') !== undefined) return ['gpgv', '--keyring', keyring, signature, file];
  if (findTool('sqv') !== undefined) return ['sqv', '--keyring', keyring, signature, file];
  throw toolMissing('neither gpgv nor sqv is installed, which check signatures', {
    debian: 'gpgv',
    provided: '/usr/bin/gpgv',
  });
}
