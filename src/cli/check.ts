// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { formatDuration } from '../base/duration.ts';
import type { ArchiveCheck } from '../distro/archive-check.ts';
import { debian } from '../distro/deb/debian.ts';
import { enterPrivateNamespace } from '../host/private-namespace.ts';
import type { Style } from '../report/style.ts';
import { renderTable } from '../report/table.ts';
import { SnapshotStore } from '../snapshot/snapshot-store.ts';
import { exitStatus } from './exit-status.ts';
import { openSnapshotFor } from './open-snapshot.ts';
import {
  addCommonOptions,
  addRepositoryOptions,
  type CommonOptions,
  listOption,
  type RepositoryOptions,
} from './options.ts';
import { makeOutput, type Output } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openState } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions {
  readonly profile?: readonly string[];
}

/** `paseka check`. */
export function checkCommand(): Command {
  const command = new Command('check')
    .description('every source that can not be built and package that can not be installed, with the reasons')
    .option('-P, --profile <NAME>', 'a build profile; may be repeated', listOption);
  return addRepositoryOptions(addCommonOptions(command));
}

/** Checks a whole snapshot, which needs neither base nor roots; status 1 where something in it is broken. */
export async function runCheck(options: Options): Promise<number> {
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: output.progress });
  // As root of the private namespace, because that is who owns everything in the state directory.
  const namespace = await enterPrivateNamespace();
  const snapshots = new SnapshotStore(await openState(options, namespace), debian);
  const tools = { snapshots, distribution: debian, output, signal: signals.stop };
  await using snapshot = await openSnapshotFor(options, tools);
  const started = performance.now();
  const { catalog, architecture } = snapshot;
  const found = debian.checkArchive({ catalog, architecture, profiles: options.profile ?? [] });
  const wallMs = Math.round(performance.now() - started);
  const { unsatisfiable, uninstallable } = found;
  output.result({ unsatisfiable, uninstallable, wallMs }, () => checkText(found, wallMs, output));
  const isBroken = unsatisfiable.length + uninstallable.length > 0;
  return isBroken ? exitStatus.notPassed : exitStatus.passed;
}

/** A table of each kind, a line for each fact; under --quiet without the totals. */
function checkText({ unsatisfiable, uninstallable }: ArchiveCheck, wallMs: number, output: Output): string {
  const { style } = output;
  const parts: string[] = [];
  if (unsatisfiable.length > 0) {
    const rows = unsatisfiable.flatMap(({ source, version, why }) => rowsOf([source, version], why, style));
    parts.push(renderTable(['source', 'version', 'why its build dependencies fail'].map(style.dim), rows));
  }
  if (uninstallable.length > 0) {
    const rows = uninstallable.flatMap(({ package: name, version, architecture, why }) =>
      rowsOf([name, version, architecture], why, style),
    );
    const header = ['package', 'version', 'architecture', 'why it is not installable'];
    parts.push(renderTable(header.map(style.dim), rows));
  }
  if (output.verbosity !== 'quiet') {
    const counts = `${unsatisfiable.length} unsatisfiable sources, ${uninstallable.length} uninstallable packages`;
    parts.push(`${counts}, found in ${formatDuration(wallMs)}`);
  }
  return parts.length === 0 ? '' : `${parts.join('\n\n')}\n`;
}

function rowsOf([name = '', ...rest]: readonly string[], why: string, style: Style): string[][] {
  const blank = rest.map(() => '');
  const [first = '', ...more] = why.split('\n');
  return [[style.bad(name), ...rest, first], ...more.map((line) => ['', ...blank, line])];
}
