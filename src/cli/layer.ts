// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { PasekaError } from '../base/paseka-error.ts';
import { choosePackages } from '../campaign/choose-packages.ts';
import { chooseSources } from '../campaign/choose-sources.ts';
import { compareLayer } from '../campaign/compare-layer.ts';
import { openOverlay } from '../campaign/overlay.ts';
import { resolveContext } from '../campaign/resolve-context.ts';
import { resolvePackageSet, resolveSourceSet } from '../campaign/resolve-set.ts';
import { renderTable } from '../report/table.ts';
import { exitStatus } from './exit-status.ts';
import {
  addCommonOptions,
  addRepositoryOptions,
  type CommonOptions,
  listOption,
  type RepositoryOptions,
  withDescription,
} from './options.ts';
import { makeOutput } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openTaskRun } from './task-run.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions {
  readonly package?: readonly string[];
  readonly with?: readonly string[];
  readonly profile?: readonly string[];
}

/** `paseka layer compare`. */
export function layerCommand(
  compare: (word: string | undefined, options: Options) => Promise<void>,
): Command {
  const command = new Command('compare')
    .description('prove that a layer is what the packaging system alone would have installed')
    .argument('[SOURCE]', 'the build dependencies of this source')
    .option(
      '--package <BINARY>',
      'these binary packages instead, by name or file; may be repeated',
      listOption,
    )
    .option('--with <WHAT>', withDescription, listOption)
    .option('-P, --profile <NAME>', 'a build profile; may be repeated', listOption);
  addRepositoryOptions(addCommonOptions(command)).action(compare);
  return new Command('layer').description('installed sets of packages').addCommand(command);
}

/** Compares one set; status 1 where something differs that is not allowed to. */
export async function runLayerCompare(word: string | undefined, options: Options): Promise<number> {
  if ((word === undefined) === (options.package === undefined)) {
    throw new PasekaError(
      'bad-option',
      'one source, or --package, is needed',
      'write paseka layer compare SOURCE',
    );
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
  const how = { profiles: options.profile ?? [], candidates: overlay.packages, wantsReasons: false };
  const [source] = word === undefined ? [] : await chooseSources([word], snapshot.catalog, distribution);
  const set =
    source === undefined
      ? await resolvePackageSet(
          context,
          run,
          await choosePackages(options.package ?? [], snapshot.architecture, distribution),
          how,
        )
      : await resolveSourceSet(context, run, source, how);
  if (set.kind !== 'resolved') {
    throw new PasekaError('unsatisfiable-packages', set.explanation, 'choose another source');
  }
  const base = await context.bases.ensure(snapshot, 'build', signals.stop);
  const { packages, removed } = set;
  const compared = await compareLayer(context, run, {
    base,
    resolveContext: resolveContext(context, base),
    packages,
    removed,
  });
  const isEqual = compared.differences.length === 0;
  output.result({ equal: isEqual, packages: packages.length, ...compared }, () => {
    const summary = `${packages.length} packages, ${compared.made}, ${compared.paths} paths: ${isEqual ? 'equal' : `${compared.differences.length} differences`}\n`;
    if (isEqual) return summary;
    const rows = compared.differences.map(({ path, what, left, right }) => [path, what, left, right]);
    return `${renderTable(['path', 'what', 'in the layer', 'installed'].map(output.style.dim), rows)}\n${summary}`;
  });
  return isEqual ? exitStatus.passed : exitStatus.notPassed;
}
