// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { PasekaError } from '../base/paseka-error.ts';
import { choosePackages } from '../campaign/choose-packages.ts';
import { chooseSources } from '../campaign/choose-sources.ts';
import { openOverlay } from '../campaign/overlay.ts';
import { resolvePackageSet, resolveSourceSet } from '../campaign/resolve-set.ts';
import {
  addCommonOptions,
  addRepositoryOptions,
  type CommonOptions,
  listOption,
  type RepositoryOptions,
  withDescription,
} from './options.ts';
import { makeOutput } from './output.ts';
import { showResolvedSet } from './show-resolved-set.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openTaskRun } from './task-run.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions {
  readonly package?: readonly string[];
  readonly profile?: readonly string[];
  readonly with?: readonly string[];
  readonly why: boolean;
}

/** `paseka resolve`. */
export function resolveCommand(): Command {
  const command = new Command('resolve')
    .description('the exact set of packages that would be installed over the base')
    .argument('[SOURCE]', 'a source, as for rebuild')
    .option(
      '--package <BINARY>',
      'resolve binary packages instead: NAME, NAME=VERSION or a package file; may be repeated',
      listOption,
    )
    .option('-P, --profile <NAME>', 'a build profile; may be repeated', listOption)
    .option('--with <WHAT>', withDescription, listOption)
    .option('--why', 'say of each package what asked for it', false);
  return addRepositoryOptions(addCommonOptions(command));
}

/** Resolves one source or some packages; status 1 where that can't be satisfied. */
export async function runResolve(word: string | undefined, options: Options): Promise<number> {
  if ((word === undefined) === (options.package === undefined)) {
    throw new PasekaError('bad-option', 'one source, or --package, is needed', 'write paseka resolve SOURCE');
  }
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: output.progress });
  await using workspace = await openWorkspace(options, output, 'shared');
  const context = await workspace.openContext(options, signals.stop);
  await using run = await openTaskRun({ upper: 'auto' }, workspace, signals.stop, options.verbose);
  const { distribution, snapshot } = context;
  const overlay = await openOverlay(context, options.with ?? [], {
    onProgress: output.progress,
    signal: signals.stop,
  });
  const settings = {
    profiles: options.profile ?? [],
    candidates: overlay.packages,
    wantsReasons: options.why,
  };
  const [source] = word === undefined ? [] : await chooseSources([word], snapshot.catalog, distribution);
  if (source === undefined) {
    const wanted = await choosePackages(options.package ?? [], snapshot.architecture, distribution);
    return showResolvedSet(await resolvePackageSet(context, run, wanted, settings), {}, output);
  }
  const subject = { source: source.name, version: source.version };
  return showResolvedSet(await resolveSourceSet(context, run, source, settings), subject, output);
}
