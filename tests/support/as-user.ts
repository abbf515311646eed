// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { OrdinaryUser } from './ordinary-user.ts';

/** Whether this is such a run, of {@link runTestsAsUser}. */
export const isRunAsUser = process.env['PASEKA_AS_USER'] !== undefined;

/**
 * Runs a test file of this checkout again as that user, in the way that the program itself runs for an ordinary user: as
 * root of a user namespace with the whole range of ids, in a private mount namespace. The caller is root. The checkout, the
 * packages and the Node that runs are shown to the user elsewhere, as they may lie where only root can look.
 */
export function runTestsAsUser(
  user: OrdinaryUser,
  file: string,
): { readonly status: number | null; readonly output: string } {
  const place = mkdtempSync(join(tmpdir(), 'as-user-'));
  const at = (name: string): string => join(place, name);
  const repository = resolve(import.meta.dirname, '../..');
  try {
    chmodSync(place, 0o755);
    for (const name of ['checkout', 'node_modules', 'home']) mkdirSync(at(name));
    chownSync(at('home'), user.uid, user.gid);
    writeFileSync(at('node'), '');
    const test = {
      testTimeout: 120_000,
      globalSetup: join(at('checkout'), 'tests/support/probe-capabilities.ts'),
    };
    writeFileSync(at('vitest.config.mjs'), `export default ${JSON.stringify({ test })};\n`);
    const script = 'while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit; shift 2; done; shift; exec "$@"';
    const shown = [
      [repository, at('checkout')],
      [realpathSync(join(repository, 'node_modules')), at('node_modules')],
      [process.execPath, at('node')],
    ].flat();
    const asUser = ['setpriv', `--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups'];
    const asRootOfNamespace = ['unshare', '--mount', '--user', '--map-root-user', '--map-auto', '--'];
    const vitest = [
      at('node'),
      join(at('node_modules'), 'vitest/vitest.mjs'),
      'run',
      `--root=${at('checkout')}`,
    ];
    const configuration = [`--config=${at('vitest.config.mjs')}`, '--configLoader=native'];
    const { status, stdout, stderr } = spawnSync(
      'unshare',
      [
        ['--mount', '--propagation', 'private', '--', '/bin/sh', '-c', script, 'sh'],
        [...shown, '--', ...asUser, ...asRootOfNamespace, ...vitest, ...configuration, file],
      ].flat(),
      {
        encoding: 'utf8',
        env: {
          PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
          HOME: at('home'),
          TMPDIR: at('home'),
          PASEKA_AS_USER: user.name,
          NO_COLOR: '1',
        },
      },
    );
    return { status, output: `${stdout}${stderr}` };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
