// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { makeDirectory } from '../../host/files.ts';
import type { ResolveContext } from '../resolution.ts';
import type { Root } from '../root.ts';
import { aptFlags, preparedCache } from './apt-in-root.ts';
import { frozenLayout } from './frozen-directory.ts';

/** Lets the base's own apt make its two caches of the frozen lists, once, where all roots will see them. */
export async function prepareResolver(root: Root, context: ResolveContext): Promise<void> {
  const cache = join(context.preparedDirectory, preparedCache);
  await makeDirectory(join(cache, 'archives', 'partial'));
  const result = await root.run({
    command: ['apt-cache', ...aptFlags(), 'gencaches'],
    identity: 'root',
    binds: [
      { source: join(context.frozenDirectory, frozenLayout.lists), target: '/var/lib/apt/lists' },
      { source: cache, target: '/var/cache/apt', writable: true },
    ],
    output: 'log',
  });
  if (result.end.kind !== 'exited' || result.end.exitCode !== 0) {
    throw new PasekaError(
      'base-failed',
      `apt-cache gencaches did not succeed in the base (${JSON.stringify(result.end)}): ${result.tail.trim().slice(-500)}`,
      'run paseka doctor; create the snapshot anew if its lists are damaged',
    );
  }
}
