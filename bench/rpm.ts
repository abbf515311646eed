// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/rpm.ts [--rounds N]
 *
 * What an RPM distribution costs besides its builds, on the tests' own one (made of Debian's packages, half a minute the first
 * time): making the build base from packages that are in the pool; what a build of `tree` takes besides itself when its layer is
 * there; an install check of what it gave. Prints medians in milliseconds.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeOutput } from '../src/cli/output.ts';
import { openWorkspace } from '../src/cli/workspace.ts';
import { rpmDistribution } from '../tests/support/rpm/rpm-distribution.ts';
import { median } from './memory-now.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
const rounds = Number(values.rounds);
const { repoFile } = await rpmDistribution();
const state = mkdtempSync(join(tmpdir(), 'bench-rpm-'));
try {
  const from = ['--sources', repoFile];
  paseka(['rebuild', 'tree', 'lua', ...from]);
  await benchBase();

  const builds = Array.from({ length: rounds }, () =>
    paseka(['rebuild', 'tree', '--no-install-check', '--no-reuse', ...from]),
  );
  report(
    'overhead of a build with a ready layer',
    builds.map(({ tasks }) => tasks[0]?.overheadMs ?? 0),
    200,
  );

  const [tree = ''] = globSync(join(state, 'campaigns/*/results/tree*/tree-*.rpm'));
  const checks = Array.from({ length: rounds }, () => {
    rmSync(join(state, 'checks'), { recursive: true, force: true }); // what passed before is not checked again
    return paseka(['install-check', tree, ...from]).installChecks[0]?.wallMs ?? 0;
  });
  report('install check of tree', checks, 150);
} finally {
  rmSync(state, { recursive: true, force: true });
}

async function benchBase(): Promise<void> {
  const output = makeOutput({ stateDir: state, json: false, quiet: true, verbose: false });
  const stop = new AbortController().signal;
  const times: number[] = [];
  let packages = 0;
  for (let round = 0; round < rounds; round++) {
    // and not removed: ext4 passes over inodes that were freed in the last minutes one by one
    renameSync(join(state, 'bases'), join(state, `bases-${round}`));
    await using workspace = await openWorkspace(
      { stateDir: state, json: false, quiet: true, verbose: false },
      output,
      'shared',
    );
    const context = await workspace.openContext({ sources: repoFile }, stop);
    const { frozenDirectory, architecture } = context.snapshot;
    const list = await context.distribution.listBasePackages({
      frozenDirectory,
      architecture,
      variant: 'build',
    });
    packages = list.length;
    const started = performance.now();
    await context.bases.ensure(context.snapshot, 'build', stop);
    times.push(performance.now() - started);
  }
  report(`a build base of ${packages} packages`, times, 3000);
}

function paseka(words: readonly string[]): {
  readonly tasks: readonly { readonly overheadMs: number }[];
  readonly installChecks: readonly { readonly wallMs: number }[];
} {
  const program = resolve(import.meta.dirname, '../bin/paseka');
  const { stdout, stderr, status } = spawnSync(
    program,
    [...words, '--json', '--quiet', '--state-dir', state],
    {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (status !== 0) throw new Error(`${words.join(' ')}: ${status}: ${stderr}${stdout}`);
  return JSON.parse(stdout);
}

function report(what: string, times: readonly number[], goal: number): void {
  console.log(
    `${what}: ${Math.round(median([...times]))} ms (goal: ${goal}); ${times.map(Math.round).join(' ')}`,
  );
}
