// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/open-snapshot.ts [--suite S] [--state-dir DIR] [--rounds N]
 *
 * How long opening the suite's newest snapshot takes until a first question is answered, and the memory of the process then:
 * the whole of it (resident and proportional set). Each round is a process of its own; prints medians. The
 * snapshot and its base are made first where they are not there.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chooseSources } from '../src/campaign/choose-sources.ts';
import { resolveSourceSet } from '../src/campaign/resolve-set.ts';
import { makeOutput } from '../src/cli/output.ts';
import { openTaskRun } from '../src/cli/task-run.ts';
import { openWorkspace } from '../src/cli/workspace.ts';
import { median, processMemory } from './memory-now.ts';

const { values } = parseArgs({
  options: {
    suite: { type: 'string', default: 'bookworm' },
    'state-dir': { type: 'string', default: join(process.cwd(), '.bench-state') },
    rounds: { type: 'string', default: '5' },
    one: { type: 'boolean', default: false },
  },
});

if (values.one) await openOnce();
else compareRounds();

async function openOnce(): Promise<void> {
  const common = { stateDir: values['state-dir'], json: false, quiet: true, verbose: false };
  const output = makeOutput(common);
  const stop = new AbortController().signal;
  await using workspace = await openWorkspace(common, output, 'shared');
  await using run = await openTaskRun({ upper: 'auto' }, workspace, stop, false);
  const started = performance.now();
  const context = await workspace.openContext({ suite: values.suite }, stop);
  const openedMs = performance.now() - started;
  await context.bases.ensure(context.snapshot, 'build', stop);
  const [source] = await chooseSources(['hello'], context.snapshot.catalog, context.distribution);
  if (source === undefined) throw new Error('no such source');
  const how = { profiles: [], candidates: [], wantsReasons: false };
  await resolveSourceSet(context, run, source, how);
  const answeredMs = performance.now() - started;
  const rssBytes = process.memoryUsage.rss();
  console.log(JSON.stringify({ openedMs, answeredMs, rssBytes, pssBytes: processMemory(process.pid) }));
}

function compareRounds(): void {
  const rounds = Array.from({ length: Number(values.rounds) + 1 }, () => {
    const args = ['--one', '--suite', values.suite, '--state-dir', values['state-dir']];
    const flags = [
      '--disable-warning=ExperimentalWarning',
      '--max-semi-space-size=8',
      '--initial-old-space-size=128',
    ];
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, import.meta.filename, ...args], {
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout) as Record<'openedMs' | 'answeredMs' | 'rssBytes' | 'pssBytes', number>;
  }).slice(1); // the first may have had to make things
  const of = (key: keyof (typeof rounds)[number]): number => median(rounds.map((round) => round[key]));
  const mebibytes = (bytes: number): string => (bytes / 1024 ** 2).toFixed(0);
  console.log(
    `${values.suite}: open in ${of('openedMs').toFixed(0)} ms (goal: 500), first answer after ${of('answeredMs').toFixed(0)} ms; ` +
      `memory ${mebibytes(of('rssBytes'))} MiB resident, ${mebibytes(of('pssBytes'))} MiB proportional (goal: 250 MB)`,
  );
}
