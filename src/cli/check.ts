// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { PackageFiles } from '../campaign/change/package-files.ts';
import { availableParallelism } from '../host/cores.ts';
import { enterPrivateNamespace } from '../host/private-namespace.ts';
import { makeScratchDirectory } from '../host/scratch-directory.ts';
import { UnpackedStore } from '../layers/unpacked-store.ts';
import { checkText } from '../report/check-text.ts';
import { archiveState, type OpenState, openStates, type StateOptions } from './archive-states.ts';
import { checkChange } from './check-change.ts';
import { exitStatus } from './exit-status.ts';
import {
  addCommonOptions,
  addRepositoryOptions,
  type CommonOptions,
  listOption,
  withDescription,
} from './options.ts';
import { makeOutput, type Output } from './output.ts';
import { Pools } from './pools.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openState, openUnsettled, takeLocks } from './workspace.ts';

interface Options extends CommonOptions, StateOptions {
  readonly profile?: readonly string[];
  readonly fetch: boolean;
}

/** `paseka check`. */
export function checkCommand(): Command {
  const stateWords = "a snapshot's id, or what --with takes; may be repeated";
  const command = new Command('check')
    .description('every source that can not be built and package that can not be installed, with the reasons')
    .option('-P, --profile <NAME>', 'a build profile; may be repeated', listOption)
    .option('--with <WHAT>', withDescription, listOption)
    .option('--before <STATE>', `say only what is newly broken since this state: ${stateWords}`, listOption)
    .option('--after <STATE>', 'the state to look at, likewise (default: that of --before)', listOption)
    .option('--fetch', 'fetch every package whose files a comparison has to look at', false);
  return addRepositoryOptions(addCommonOptions(command));
}

/** Checks a whole snapshot, which needs neither base nor roots; status 1 where something in it is (newly) broken. */
export async function runCheck(options: Options): Promise<number> {
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: output.progress });
  // As root of the private namespace, because that is who owns everything in the state directory.
  const namespace = await enterPrivateNamespace();
  const state = await openState(options, namespace);
  await using stack = new AsyncDisposableStack();
  await takeLocks(state, 'shared', stack);
  const unsettled = await openUnsettled(state, output, stack);
  await using pools = new Pools(state);
  await using scratch = await makeScratchDirectory(state.tmp, 'check');
  const tools = {
    state,
    pools,
    scratchDirectory: scratch.path,
    output,
    signal: signals.stop,
  };
  await using states = await openStates(options, tools);
  const { before, after } = states;
  const { distribution } = after.snapshot;
  const profiles = options.profile ?? [];
  if (before === undefined) return await checkOne(after, profiles, output);
  const unpacked = new UnpackedStore({
    directory: state.unpacked,
    scratchDirectory: state.tmp,
    unsettled,
    unpack: (...request) => distribution.unpackPackage(...request),
    concurrency: availableParallelism(),
  });
  const files = new PackageFiles({ ...tools, distribution, unpacked, pool: await pools.of(distribution) });
  return await checkChange({ before, after }, { profiles, files, fetchAll: options.fetch, output });
}

async function checkOne(state: OpenState, profiles: readonly string[], output: Output): Promise<number> {
  const started = performance.now();
  const found = await state.snapshot.distribution.checkArchive({ ...archiveState(state), profiles });
  const wallMs = Math.round(performance.now() - started);
  const { unsatisfiable, uninstallable } = found;
  output.result({ unsatisfiable, uninstallable, wallMs }, () => checkText(found, wallMs, output));
  const isBroken = unsatisfiable.length + uninstallable.length > 0;
  return isBroken ? exitStatus.notPassed : exitStatus.passed;
}
