// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/overhead.ts [--suite S] [--state-dir DIR] [--rounds N] [SOURCE...]
 *
 * What a build costs besides itself when its layer is there: fifteen real packages (or those that are given) are built one at a
 * time, after a first time that makes their layers and is not counted; no earlier result of a build or an install check is
 * taken over. Prints for each round the median and the greatest of `overheadMs` (all of an attempt but what dpkg-source
 * and dpkg-buildpackage took) without install checks, for each package its median over the rounds, the part of the wall
 * time that the builds had, and what the install checks of a round of their own took. As root, who may remove the results
 * of earlier checks.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { lightSources } from './light-sources.ts';
import { median } from './memory-now.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string', default: 'bookworm' },
    'state-dir': { type: 'string', default: join(process.cwd(), '.bench-state') },
    rounds: { type: 'string', default: '3' },
  },
});
const names = positionals.length > 0 ? positionals : lightSources.slice(0, 15);

interface Task {
  readonly source: string;
  readonly outcome: string;
  readonly buildMs: number;
  readonly overheadMs: number;
  readonly installChecks: readonly { readonly package: string; readonly wallMs: number }[];
}

rebuild();
const all: Task[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  const { tasks, wallMs } = rebuild();
  const overheads = tasks.map(({ overheadMs }) => overheadMs);
  const builds = tasks.reduce((sum, { buildMs }) => sum + buildMs, 0);
  console.log(
    `${tasks.length} packages: overhead median ${median(overheads)} ms, at most ${Math.max(...overheads)} ms; the builds ${((100 * builds) / wallMs).toFixed(1)} % of ${(wallMs / 1000).toFixed(1)} s`,
  );
  all.push(...tasks);
}
for (const name of new Set(all.map(({ source }) => source))) {
  const own = all.filter(({ source }) => source === name);
  const of = (key: 'overheadMs' | 'buildMs'): number => median(own.map((task) => task[key]));
  console.log(`  ${name}: ${of('overheadMs')} ms, its build ${(of('buildMs') / 1000).toFixed(1)} s`);
}
rebuild({ installCheck: true });
rmSync(join(values['state-dir'], 'checks'), { recursive: true, force: true });
const checks = rebuild({ installCheck: true }).tasks.flatMap(({ installChecks }) => installChecks);
const checkTimes = checks.map(({ wallMs }) => wallMs);
console.log(
  `${checks.length} install checks: median ${median(checkTimes)} ms (goal: 100), at most ${Math.max(...checkTimes)} ms`,
);
console.log(`median of all: ${median(all.map(({ overheadMs }) => overheadMs))} ms (goal: 150)`);

function rebuild({ installCheck = false } = {}): {
  readonly tasks: readonly Task[];
  readonly wallMs: number;
} {
  const paseka = resolve(import.meta.dirname, '../bin/paseka');
  const options = [
    ...['--suite', values.suite, '--state-dir', values['state-dir']],
    ...(installCheck ? [] : ['--no-install-check']),
  ];
  const { status, stdout, stderr } = spawnSync(
    paseka,
    ['rebuild', ...names, '--jobs', '1', '--no-reuse', '--json', '--quiet', ...options],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (stdout === '') throw new Error(`paseka ended with ${status}: ${stderr}`);
  const { campaign, tasks } = JSON.parse(stdout) as {
    campaign: { wallMs: number };
    tasks: readonly Task[];
  };
  const built = tasks.filter(({ outcome }) => outcome === 'built');
  for (const { source, outcome } of tasks) {
    if (outcome !== 'built') console.log(`  ${source} is not counted: ${outcome}`);
  }
  return { tasks: built, wallMs: campaign.wallMs };
}
