// SPDX-License-Identifier: GPL-2.0-or-later

import { didYouMean, nearestNames } from '../../base/nearest-names.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { enterPrivateNamespace } from '../../host/private-namespace.ts';
import type { StateDirectory } from '../../host/state-directory.ts';
import type { Unsettled } from '../../host/unsettled.ts';
import { isPreparedName } from '../../store/prepared/prepared-directory.ts';
import { PreparedStore } from '../../store/prepared/prepared-store.ts';
import type { CommonOptions } from '../options.ts';
import type { Output } from '../output.ts';
import { openState, openUnsettled, takeLocks } from '../workspace.ts';

/** The prepared directories of a state directory that is open. */
export function preparedStore(state: StateDirectory, unsettled: Unsettled): PreparedStore {
  return new PreparedStore({
    directory: state.prepared,
    scratchDirectory: state.tmp,
    lockDirectory: state.locks,
    unsettled,
    now: () => new Date(),
  });
}

/** Opens them for a verb that needs no roots. */
export async function openPrepared(
  options: CommonOptions,
  output: Output,
): Promise<AsyncDisposable & { readonly store: PreparedStore }> {
  const state = await openState(options, await enterPrivateNamespace());
  await using stack = new AsyncDisposableStack();
  await takeLocks(state, 'shared', stack);
  const unsettled = await openUnsettled(state, output, stack);
  const undo = stack.move();
  return {
    store: preparedStore(state, unsettled),
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

/** Throws PasekaError bad-option for what can't be the name of a prepared directory. */
export function checkPreparedName(name: string): void {
  if (isPreparedName(name)) return;
  throw new PasekaError(
    'bad-option',
    `${name} can't be the name of a prepared directory`,
    'write letters, digits, dots, hyphens and underscores, a letter or digit first',
  );
}

/** The error for a name that nothing has. */
export async function unknownWorkdir(store: PreparedStore, name: string): Promise<PasekaError> {
  const names = (await store.list()).map((known) => known.name);
  return new PasekaError(
    'unknown-workdir',
    `nothing was prepared as ${name}`,
    didYouMean(nearestNames(name, names), `run: paseka workdir prepare ${name} -- COMMAND`),
  );
}
