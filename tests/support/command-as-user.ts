// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { withPrivateMounts } from './private-mounts.ts';

const repository = resolve(import.meta.dirname, '../..');

/** Where the user finds this checkout and the Node that runs. */
export interface ShownCheckout {
  readonly repository: string;
  readonly node: string;
}

/**
 * The command that runs another one as a user, who may be unable to look where the checkout and Node are: they are shown
 * below `place` (an existing directory for nothing else), in a mount namespace of its own. Needs root.
 */
export function commandAsUser(
  user: { readonly uid: number; readonly gid: number },
  place: string,
  command: (shown: ShownCheckout) => readonly string[],
): [string, ...string[]] {
  const shown = { repository: join(place, 'repository'), node: join(place, 'node') };
  const modules = join(place, 'node_modules');
  for (const directory of [shown.repository, modules]) mkdirSync(directory, { recursive: true });
  writeFileSync(shown.node, '');
  const script =
    'chmod 755 "$1"; mount --bind "$2" "$3" && mount --bind "$4" "$5" && mount --bind "$6" "$7" && shift 7 && exec "$@"';
  return withPrivateMounts(script, [
    place,
    repository,
    shown.repository,
    realpathSync(join(repository, 'node_modules')),
    modules,
    process.execPath,
    shown.node,
    'setpriv',
    `--reuid=${user.uid}`,
    `--regid=${user.gid}`,
    '--clear-groups',
    ...command(shown),
  ]);
}
