// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CampaignWriter } from '../../src/db/campaign-writer.ts';
import type { Database } from '../../src/db/database.ts';
import type { TaskState } from '../../src/events/campaign-state.ts';
import type { RecordedEvent } from '../../src/events/events.ts';
import { applyEvent, emptyCampaign } from '../../src/events/fold.ts';

/** Puts the events of a campaign into the database. */
export async function writeEvents(database: Database, events: readonly RecordedEvent[]): Promise<void> {
  await using writer = new CampaignWriter(database, { request: '{}' });
  const state = emptyCampaign();
  for (const event of events) {
    applyEvent(state, event);
    writer.write(event, state);
  }
}

/** Writes a log for each attempt of those tasks below the campaign's directory, and what they gave. */
export async function writeFiles(
  directory: string,
  events: readonly RecordedEvent[],
  most: number,
): Promise<void> {
  const state = emptyCampaign();
  for (const event of events) applyEvent(state, event);
  const tasks = [...state.tasks.values()].filter(({ attempts }) => attempts.length > 0);
  const failed = tasks.filter(({ outcome }) => outcome?.kind === 'failed');
  for (const task of [...failed, ...tasks].slice(0, most)) {
    for (const { log } of task.attempts) await writeBelow(directory, log, logText(task));
    const name = task.attempts[0]?.log.replace(/^logs\//, '').replace(/[.]log$/, '');
    for (const { file } of task.artifacts)
      await writeBelow(directory, `results/${name}/${file}`, `contents of ${file}\n`);
  }
}

async function writeBelow(directory: string, path: string, text: string): Promise<void> {
  const target = join(directory, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, text);
}

/** As long as its failure's lines want it to be. */
function logText({ source, version, outcome, attempts }: TaskState): string {
  const failure = outcome?.kind === 'failed' ? outcome.failure : undefined;
  const decisive = new Map(failure?.lines.map(({ line, text }) => [line, text]));
  const at = new Date(attempts[0]?.startedAt ?? 0).toISOString();
  const lines = Array.from({ length: 440 }, (_, index) => {
    const known = decisive.get(index + 1);
    if (known !== undefined) return known;
    if (index === 0) return `== ${at} +0.0s ${source} ${version}, attempt 1 ==`;
    if (index === 12) return `== ${at} +0.4s build ==`;
    if (index < 12) return `Get:${index} ${source}_${version}.dsc [${1000 + 37 * index} B]`;
    if (index % 40 === 0)
      return `\u001b[1mmake[${index % 3}]: Entering directory '/build/${source}-${version}'\u001b[0m`;
    if (index % 61 === 0)
      return `src/part-${index}.c:${index}:7: \u001b[35mwarning:\u001b[0m unused variable 'rest' [-Wunused-variable]`;
    return `gcc -g -O2 -Werror=implicit-function-declaration -ffile-prefix-map=/build=. -c -o part-${index}.o src/part-${index}.c`;
  });
  if (outcome?.kind === 'failed') lines.push(outcome.reason);
  return `${lines.join('\n')}\n`;
}
