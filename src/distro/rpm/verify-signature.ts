// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { toolMissing } from '../../host/host-packaging.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';
import { findTool } from '../../host/tools.ts';

/** Programs that check a detached signature by a keyring, in the same words; the first one that is installed is taken. */
const verifiers = ['gpgv', 'sqv'] as const;

type Verifier = (typeof verifiers)[number];

/**
 * Whether a detached signature of a file is good and by one of the keys; else why not. By gpgv, or sqv where a host has
 * that. Throws PasekaError tool-missing, cancelled.
 */
export async function signatureProblem(
  file: string,
  signature: string,
  keyring: string,
  signal?: AbortSignal,
  verifier: Verifier | undefined = verifiers.find((name) => findTool(name) !== undefined),
): Promise<string | undefined> {
  if (verifier === undefined) {
    throw toolMissing('neither gpgv nor sqv is installed, which check signatures', {
      debian: 'gpgv',
      provided: '/usr/bin/gpgv',
    });
  }
  const { end, stderr } = await runProcess({
    command: [verifier, '--keyring', keyring, signature, file],
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
