// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { PasekaError } from '../base/paseka-error.ts';
import { chooseSources } from '../campaign/choose-sources.ts';
import { resolvePackageSet, resolveSourceSet } from '../campaign/resolve-set.ts';
import { renderTable } from '../report/table.ts';
import { exitStatus } from './exit-status.ts';
import {
  addCommonOptions,
  addRepositoryOptions,
  type CommonOptions,
  listOption,
  type RepositoryOptions,
} from './options.ts';
import { makeOutput } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openTaskRun } from './task-run.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions {
  readonly package?: readonly string[];
  readonly profile?: readonly string[];
}

/** `paseka resolve`. */
export function resolveCommand(): Command {
  const command = new Command('resolve')
    .description('the exact set of packages that would be installed over the base')
    .argument('[SOURCE]', 'a source, as for rebuild')
    .option('--package <BINARY>', 'resolve binary packages instead; may be repeated', listOption)
    .option('-P, --profile <NAME>', 'a build profile; may be repeated', listOption);
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
  const [source] =
    word === undefined ? [] : await chooseSources([word], context.snapshot.catalog, context.distribution);
  const answer =
    source === undefined
      ? await resolvePackageSet(context, run, options.package ?? [])
      : await resolveSourceSet(context, run, source, options.profile ?? []);
  const subject = source === undefined ? { packages: [] } : { source: source.name, version: source.version };
  if (answer.kind === 'unsatisfiable') {
    output.result({ ...subject, packages: [], unsatisfiable: answer.explanation }, () => '');
    output.warning(`unsatisfiable: ${answer.explanation}`);
    return exitStatus.notPassed;
  }
  const packages = answer.packages
    .map(({ name, version, architecture }) => ({ name, version, architecture }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  output.result(
    { ...subject, packages, ...(answer.removed.length > 0 ? { removed: answer.removed } : {}) },
    () => {
      const rows = packages.map((entry) => [entry.name, entry.version, entry.architecture]);
      return `${renderTable(['package', 'version', 'architecture'].map(output.style.dim), rows)}\n`;
    },
  );
  return exitStatus.passed;
}
