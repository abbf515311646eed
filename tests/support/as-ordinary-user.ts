// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { commandAsUser } from './command-as-user.ts';
import type { OrdinaryUser } from './ordinary-user.ts';
import type { PasekaOptions } from './paseka.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

/** Options that run the program as another user; to be disposed after all runs with them. */
export interface UserOptions extends PasekaOptions, AsyncDisposable {
  readonly environment: Readonly<Record<string, string>>;
  readonly wrap: (command: readonly string[]) => readonly [string, ...string[]];
}

/**
 * For runs of the program by a user, who finds the checkout in a place of these options' own.
 *
 * @param around what the user's command is put into, if it isn't run as it stands.
 */
export async function asOrdinaryUser(
  who: Pick<OrdinaryUser, 'uid' | 'gid' | 'home'>,
  state: string,
  around: (command: readonly string[]) => readonly string[] = (command) => command,
): Promise<UserOptions> {
  const place = await makeTemporaryDirectory('as-user-');
  return {
    state,
    environment: { HOME: who.home, NODE_COMPILE_CACHE: join(who.home, 'compiled'), TMPDIR: '/tmp' },
    wrap: ([, ...words]) =>
      commandAsUser(who, place.path, (shown) => around([join(shown.repository, 'bin/paseka'), ...words])),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}
