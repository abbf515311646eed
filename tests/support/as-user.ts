// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { requires } from './capabilities.ts';
import { makeOrdinaryUser, type OrdinaryUser } from './ordinary-user.ts';
import { withPrivateMounts } from './private-mounts.ts';

const repository = resolve(import.meta.dirname, '../..');

/** Says that a test file passes as an ordinary user too, and has it run so; in that run it says nothing. */
export function alsoAsOrdinaryUser(file: string): void {
  if (process.env['PASEKA_AS_USER'] !== undefined) return;
  requires(
    'root',
    'userns',
    'bubblewrap',
  )('an ordinary user', () => {
    test('all of this file passes in a user namespace too', async () => {
      await using user = await makeOrdinaryUser();
      const { status, output } = runTestsAsUser(user, relative(repository, file));
      expect(status, output).toBe(0);
      expect(output).toMatch(/Tests\s+\d+ passed/);
    });
  });
}

/**
 * Runs a test file of this checkout again as that user, in the way that the program itself runs for an ordinary user: as
 * root of a user namespace with the whole range of ids, in a private mount namespace. The caller is root. The checkout, the
 * packages and the Node that runs are shown to the user elsewhere, as they may lie where only root can look.
 */
function runTestsAsUser(
  user: OrdinaryUser,
  file: string,
): { readonly status: number | null; readonly output: string } {
  const place = mkdtempSync(join(tmpdir(), 'as-user-'));
  const at = (name: string): string => join(place, name);
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
    const [command, ...args] = withPrivateMounts(script, [
      ...[...shown, '--'],
      ...[...asUser, ...asRootOfNamespace, ...vitest, ...configuration, file],
    ]);
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: place, // Node looks into its working directory at start
      encoding: 'utf8',
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: at('home'),
        TMPDIR: at('home'),
        PASEKA_AS_USER: user.name,
        NO_COLOR: '1',
      },
    });
    return { status, output: `${stdout}${stderr}` };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}
