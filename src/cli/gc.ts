// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { formatBytes } from '../base/bytes.ts';
import { collectGarbage } from '../campaign/collect-garbage.ts';
import { CampaignStore } from '../db/campaign-store.ts';
import { openDatabase } from '../db/database.ts';
import { exitStatus } from './exit-status.ts';
import { addCommonOptions, type CommonOptions, durationOption, sizeOption } from './options.ts';
import { makeOutput } from './output.ts';
import { preparedStore } from './workdir/open-prepared.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions {
  readonly olderThan: number;
  readonly maxSize?: number;
  readonly maxLayers?: number;
  readonly dryRun: boolean;
}

/** `paseka gc`. */
export function gcCommand(): Command {
  const command = new Command('gc')
    .description('remove what was not used for long, and what no snapshot needs')
    .option('--older-than <TIME>', 'what was not used for this long', durationOption, 30 * 86_400_000)
    .option(
      '--max-size <SIZE>',
      'then the longest unused package files, until the pool is no larger',
      sizeOption,
    )
    .option('--max-layers <SIZE>', 'then layers, until all of them take no more', sizeOption)
    .option('--dry-run', 'only say what would be removed', false);
  return addCommonOptions(command);
}

/** Removes what nobody uses; refuses while anybody works in the state directory. */
export async function runGc(options: Options): Promise<number> {
  const output = makeOutput(options);
  await using workspace = await openWorkspace(options, output, 'exclusive');
  using database = openDatabase(workspace.state.database);
  const result = await collectGarbage({
    state: workspace.state,
    pool: workspace.pool,
    unpacked: workspace.unpacked,
    prepared: preparedStore(workspace.state, workspace.unsettled),
    snapshots: (await workspace.snapshots.list()).map((snapshot) => snapshot.id),
    overlayFiles: new CampaignStore(database).overlayFiles(),
    olderThanMs: options.olderThan,
    ...(options.maxSize === undefined ? {} : { maxPoolBytes: options.maxSize }),
    ...(options.maxLayers === undefined ? {} : { maxLayerBytes: options.maxLayers }),
    isDryRun: options.dryRun,
    now: Date.now(),
  });
  output.result({ ...result, dryRun: options.dryRun }, () => {
    const verb = options.dryRun ? 'would remove' : 'removed';
    const lines = result.removed.map(
      (item) => `${verb} ${item.what} ${item.name} (${formatBytes(item.bytes)})`,
    );
    lines.push(`${verb} ${formatBytes(result.freedBytes)}; ${formatBytes(result.keptBytes)} stay`);
    return `${lines.join('\n')}\n`;
  });
  return exitStatus.passed;
}
