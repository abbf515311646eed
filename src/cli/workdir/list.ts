// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { formatBytes } from '../../base/bytes.ts';
import { renderTable } from '../../report/table.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import { makeOutput } from '../output.ts';
import type { Verb } from '../verb.ts';
import { openPrepared } from './open-prepared.ts';

/** `paseka workdir list`. */
export function listVerb(): Verb {
  const command = new Command('list').description('all that was prepared');
  return { command: addCommonOptions(command), run: runList };
}

async function runList(options: CommonOptions): Promise<number> {
  const output = makeOutput(options);
  await using prepared = await openPrepared(options, output);
  const all = (await prepared.store.list()).flatMap(({ current, states }) =>
    current === undefined
      ? []
      : [{ ...current, earlierStates: states.filter(({ isCurrent }) => !isCurrent).length }],
  );
  output.result({ workdirs: all }, () => {
    if (all.length === 0) return 'nothing is prepared; paseka workdir prepare NAME -- COMMAND does it\n';
    const rows = all.map(({ name, bytes, preparedAt, at, earlierStates, command }) => [
      name,
      formatBytes(bytes),
      preparedAt.slice(0, 16).replace('T', ' '),
      at,
      earlierStates === 0 ? '' : String(earlierStates),
      command.join(' '),
    ]);
    const header = ['name', 'size', 'prepared at', 'seen at', 'earlier ones', 'by'].map(output.style.dim);
    return `${renderTable(header, rows, [0, 1, 0, 0, 1])}\n`;
  });
  return exitStatus.passed;
}
