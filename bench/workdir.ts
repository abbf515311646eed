// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * The experiment of 2019: an apt root of the distribution's main component, prepared once, used by many at once.
 *
 *     node bench/workdir.ts [CLONES] [COPIES]
 *
 * Compares clones at one constant path with whole copies and with hard-linked copies at other paths; of the two latter
 * only COPIES are made, and the sum for CLONES is computed. Needs the mirror of the host's apt sources. Prints Markdown.
 */
import { mkdtemp, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuildrootFactory, findCloneMethod } from '../src/buildroot/buildroot-factory.ts';
import { openRunDirectory } from '../src/buildroot/run-directory.ts';
import { type CloneRunRequest, runInClones } from '../src/campaign/run-in-clones.ts';
import { removeTree } from '../src/host/files.ts';
import { enterPrivateNamespace } from '../src/host/private-namespace.ts';
import { canMountProc } from '../src/host/proc-mount-probe.ts';
import { walkTree } from '../src/host/tree-walk.ts';
import { aptEnvironment, makeAptRoot, rewritePaths } from '../tests/support/apt-root.ts';
import { readHostSources } from '../tests/support/host-sources.ts';
import { runTool } from '../tests/support/run-tool.ts';
import { median, memoryNow } from './memory-now.ts';
import { processTreeMemory } from './process-tree-memory.ts';

const mebibyte = 1024 ** 2;
const [clonesText = '32', copiesText = '4'] = process.argv.slice(2);
const clones = Number(clonesText);
const copies = Number(copiesText);
const command = ['apt-get', '--simulate', '--no-install-recommends', 'install', 'hello'] as const;

const namespace = await enterPrivateNamespace();
const directory = await mkdtemp(join(tmpdir(), 'paseka-bench-'));
try {
  const at = join(directory, 'constant/apt');
  const from = join(directory, 'prepared');
  await makeAptRoot(at, await readHostSources());
  await rename(at, from);
  const who = namespace.inUserNamespace ? 'an ordinary user' : 'root';
  const { bytes } = await ownBytes(from);
  print(`an apt root of ${size(bytes)}, \`${command.join(' ')}\`, ${clones} at once, by ${who}\n`);
  print('| | bytes for each | all together | caches made anew | wall, all | wall, one alone |');
  print('|---|---|---|---|---|---|');
  await benchClones(from, at);
  await benchCopies('whole copies', ['cp', '--archive'], from, at);
  await benchCopies('hard-linked copies at other paths', ['cp', '--archive', '--link'], from, at);
  await benchIdle(from, at);
} finally {
  await removeTree(directory);
}

async function runClones(
  wanted: Pick<CloneRunRequest, 'from' | 'at' | 'clones' | 'command'> & Partial<CloneRunRequest>,
): ReturnType<typeof runInClones> {
  const state = join(directory, 'state');
  await using run = await openRunDirectory(state);
  const factory = createBuildrootFactory(run, await findCloneMethod(state));
  return await runInClones(run, factory, {
    privateFiles: [],
    upper: { kind: 'tmpfs', sizeBytes: 512 * mebibyte },
    environment: aptEnvironment(wanted.at),
    workingDirectory: '/',
    contained: await canMountProc(),
    onOutput: () => undefined,
    ...wanted,
  });
}

async function benchClones(from: string, at: string): Promise<void> {
  const [alone] = await runClones({ from, at, clones: 1, command });
  const started = performance.now();
  const results = await runClones({ from, at, clones, command });
  const wallMs = performance.now() - started;
  const written = results.map((result) => result.writtenBytes);
  const caches = results.flatMap((result) =>
    result.writtenPaths.filter((path) => path.endsWith('.bin')),
  ).length;
  const failed = results.filter((result) => result.exitCode !== 0).length;
  if (failed > 0) throw new Error(`${failed} of ${clones} failed`);
  const sum = written.reduce((total, value) => total + value, 0);
  print(
    `| clones at one path | ${size(median(written))} | ${size(sum)} | ${caches} | ${seconds(wallMs)} | ${seconds(alone?.wallMs ?? 0)} |`,
  );
}

async function benchCopies(
  name: string,
  copy: readonly [string, ...string[]],
  from: string,
  at: string,
): Promise<void> {
  const paths = Array.from({ length: copies }, (_, index) => join(directory, `copy-${index}/apt`));
  const walls: number[] = [];
  const bytes: number[] = [];
  let caches = 0;
  for (const path of paths) {
    await runTool(['mkdir', join(path, '..')]);
    await runTool([...copy, from, path]);
    // a linked file must not be written in place
    for (const file of ['apt.conf', 'sources.list']) {
      await runTool(['sed', '--in-place', '', join(path, file)]);
    }
    await rewritePaths(path, at, path);
    const before = await cacheInodes(path);
    const started = performance.now();
    await runTool(command, { environment: aptEnvironment(path) });
    walls.push(performance.now() - started);
    const after = await cacheInodes(path);
    caches += after.filter((inode) => !before.includes(inode)).length;
    bytes.push((await ownBytes(path)).own);
  }
  for (const path of paths) await removeTree(join(path, '..'));
  const all = median(bytes) * clones;
  print(
    `| ${name} | ${size(median(bytes))} | ${size(all)} (computed from ${copies}) | ${caches} of ${2 * copies} | | ${seconds(median(walls))} |`,
  );
}

/** What clones take that run a command which only waits. */
async function benchIdle(from: string, at: string): Promise<void> {
  const lost: number[] = [];
  const held: number[] = [];
  for (let round = 0; round < 7; round++) {
    const controller = new AbortController();
    const before = memoryNow();
    let alive = 0;
    await runClones({
      from,
      at,
      clones,
      command: ['sh', '-c', 'echo alive; exec sleep 600'],
      signal: controller.signal,
      graceMs: 0,
      onOutput: () => {
        if (++alive !== clones) return;
        lost.push(before.available - memoryNow().available);
        held.push(processTreeMemory(process.pid));
        controller.abort();
      },
    });
  }
  print(
    `\n${clones} clones whose command waits, median of ${lost.length}: MemAvailable fell by ${size(median(lost))}; all their processes, the commands included, have ${size(median(held))} (PSS)`,
  );
}

async function cacheInodes(path: string): Promise<readonly bigint[]> {
  const inodes: bigint[] = [];
  for await (const entry of walkTree(path)) if (entry.path.endsWith('.bin')) inodes.push(entry.stats.ino);
  return inodes;
}

/** Bytes on disk of a tree, and of its files that nothing else links to. */
async function ownBytes(path: string): Promise<{ readonly bytes: number; readonly own: number }> {
  let bytes = 0;
  let own = 0;
  for await (const { stats } of walkTree(path)) {
    bytes += Number(stats.blocks) * 512;
    if (stats.isDirectory() || stats.nlink === 1n) own += Number(stats.blocks) * 512;
  }
  return { bytes, own };
}

function size(bytes: number): string {
  return bytes < mebibyte ? `${(bytes / 1024).toFixed(0)} kB` : `${(bytes / mebibyte).toFixed(1)} MB`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
