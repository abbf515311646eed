// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import type { CampaignStore } from '../../db/campaign-store.ts';
import { moveFile, removeTree, writePieces } from '../../host/files.ts';
import { currentLogPath } from '../../host/log/log-paths.ts';
import { exportDocument } from '../../report/campaign-json.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions } from '../options.ts';
import { makeOutput } from '../output.ts';
import type { Verb } from '../verb.ts';
import { openCampaigns } from './open-campaigns.ts';
import { writeText } from './write-text.ts';

interface Options extends CommonOptions {
  readonly events: boolean;
  readonly output?: string;
}

const page = 5000;

/** `paseka campaign export`. */
export function exportVerb(): Verb {
  const command = new Command('export')
    .description('all that is known of a campaign as one JSON document, for other tools')
    .argument('<ID>', 'its id, or the beginning of it')
    .option('--events', 'its events instead, each as JSON on a line of its own', false)
    .option('-o, --output <FILE>', 'write to a file');
  return { command: addCommonOptions(command), run: runExport };
}

async function runExport(id: string, options: Options): Promise<number> {
  const output = makeOutput(options);
  using campaigns = await openCampaigns(options);
  const { store } = campaigns;
  const summary = store.find(id);
  const directory = join(campaigns.state.campaigns, summary.id);
  const pieces = options.events
    ? eventLines(store, summary.id)
    : documentText(() =>
        exportDocument(summary, store.state(summary.id), {
          directory,
          logPath: (log) => currentLogPath(join(directory, log)),
        }),
      );
  if (options.output === undefined) {
    for await (const piece of pieces) await writeText(piece);
    return exitStatus.passed;
  }
  const target = resolve(options.output);
  const beside = `${target}.new`;
  try {
    await writePieces(beside, pieces);
    await moveFile(beside, target);
  } finally {
    await removeTree(beside);
  }
  output.result({ exported: target }, () => `${target}\n`);
  return exitStatus.passed;
}

async function* documentText(make: () => object): AsyncGenerator<string> {
  yield `${JSON.stringify(make())}\n`;
}

async function* eventLines(store: CampaignStore, id: string): AsyncGenerator<string> {
  for (let seq = 0; ; ) {
    const events = store.events(id, seq, page);
    const last = events.at(-1);
    if (last === undefined) return;
    yield events.map((event) => `${JSON.stringify(event)}\n`).join('');
    seq = last.seq;
  }
}
