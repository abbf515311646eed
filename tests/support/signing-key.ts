// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from './run-tool.ts';

/** A throw-away OpenPGP key in a home directory of its own. Disposing ends its gpg-agent. */
export interface SigningKey extends AsyncDisposable {
  /** The public key, armoured. */
  readonly publicKey: string;
  /** Path of the public key as a binary keyring. */
  readonly keyring: string;
  /** Writes `InRelease` from `release`. */
  clearSign(release: string, inRelease: string): Promise<void>;
  /** Writes `Release.gpg` for `release`. */
  detachSign(release: string, signature: string): Promise<void>;
  /** Signs RPM packages in place. */
  signRpms(paths: readonly string[]): Promise<void>;
}

/** Makes a key without a pass phrase in `directory` (made here; short, because of its agent's socket). */
export async function makeSigningKey(directory: string): Promise<SigningKey> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const gpg = (...args: string[]): Promise<string> =>
    runTool([
      'gpg',
      '--batch',
      '--quiet',
      '--no-tty',
      '--homedir',
      directory,
      '--pinentry-mode',
      'loopback',
      ...args,
    ]);
  await gpg(
    '--passphrase',
    '',
    '--quick-generate-key',
    'Paseka Test <test@example.org>',
    'ed25519',
    'sign',
    'never',
  );
  const publicKey = await gpg('--armor', '--export');
  const keyring = join(directory, 'public.gpg');
  await gpg('--output', keyring, '--export');
  await writeFile(join(directory, 'public.asc'), publicKey);
  return {
    publicKey,
    keyring,
    async clearSign(release, inRelease) {
      await gpg('--yes', '--output', inRelease, '--clearsign', release);
    },
    async detachSign(release, signature) {
      await gpg('--yes', '--armor', '--output', signature, '--detach-sign', release);
    },
    async signRpms(paths) {
      const macros = [`_gpg_path ${directory}`, '__gpg /usr/bin/gpg', '_gpg_name test@example.org'];
      await runTool(['rpmsign', ...macros.flatMap((macro) => ['--define', macro]), '--addsign', ...paths]);
    },
    async [Symbol.asyncDispose]() {
      await runTool(['gpgconf', '--homedir', directory, '--kill', 'all']);
    },
  };
}
