// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { PasekaError } from '../base/paseka-error.ts';
import { choosePackages } from '../campaign/choose-packages.ts';
import { chooseSources } from '../campaign/choose-sources.ts';
import { openOverlay } from '../campaign/overlay.ts';
import { type ResolvedSet, resolvePackageSet, resolveSourceSet } from '../campaign/resolve-set.ts';
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
import { makeOutput, type Output } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openTaskRun } from './task-run.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions {
  readonly package?: readonly string[];
  readonly profile?: readonly string[];
  readonly with?: readonly string[];
  readonly why: boolean;
}

/** What is asked for, as the document has it. */
type Subject = { readonly source: string; readonly version: string } | Record<string, never>;

/** `paseka resolve`. */
export function resolveCommand(): Command {
  const command = new Command('resolve')
    .description('the exact set of packages that would be installed over the base')
    .argument('[SOURCE]', 'a source, as for rebuild')
    .option(
      '--package <BINARY>',
      'resolve binary packages instead: NAME, NAME=VERSION or a .deb; may be repeated',
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
    return report(await resolvePackageSet(context, run, wanted, settings), {}, output);
  }
  const subject = { source: source.name, version: source.version };
  return report(await resolveSourceSet(context, run, source, settings), subject, output);
}

function report(answer: ResolvedSet, subject: Subject, output: Output): number {
  const { decidedBy } = answer;
  if (answer.kind === 'unsatisfiable') {
    output.result({ ...subject, packages: [], unsatisfiable: answer.explanation, decidedBy }, () => '');
    output.warning(`unsatisfiable: ${answer.explanation.replaceAll('\n', '\n  ')}`);
    return exitStatus.notPassed;
  }
  const { reasons, removed } = answer;
  const packages = answer.packages
    .map(({ name, version, architecture, from }) => {
      const why = reasons?.get(name);
      const own = from === 'local' ? { from } : {};
      return { name, version, architecture, ...own, ...(why === undefined ? {} : { why }) };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const document = { ...subject, packages, ...(removed.length > 0 ? { removed } : {}), decidedBy };
  output.result(document, () => {
    const header = ['package', 'version', 'architecture', ...(reasons === undefined ? [] : ['why'])];
    const rows = packages.map(({ name, version, architecture, why = '' }) => [
      name,
      version,
      architecture,
      why,
    ]);
    const notes = [
      ...(removed.length > 0 ? [`taken out of the base: ${removed.join(', ')}`] : []),
      ...(decidedBy === 'paseka' ? [] : [output.style.dim(`decided by ${decidedBy}`)]),
    ];
    return `${[renderTable(header.map(output.style.dim), rows), ...notes].join('\n')}\n`;
  });
  return exitStatus.passed;
}
