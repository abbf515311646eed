// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { openStateDirectory, type StateDirectory } from '../../src/host/state-directory.ts';
import { makeTemporaryDirectory } from './temporary-directory.ts';

/** A fresh state directory that disappears when disposed. */
export async function makeTestState(): Promise<AsyncDisposable & { readonly state: StateDirectory }> {
  const temporary = await makeTemporaryDirectory('paseka-state-');
  const state = await openStateDirectory(join(temporary.path, 'state'));
  return { state, [Symbol.asyncDispose]: () => temporary[Symbol.asyncDispose]() };
}
