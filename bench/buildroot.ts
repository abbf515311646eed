// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * What an empty buildroot costs over a real base:
 *
 *     node bench/buildroot.ts BASE-DIRECTORY [RUNS]
 *
 * As root or as an ordinary user. Prints a table in Markdown.
 */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Buildroot, BuildrootFactory, UpperPlace } from '../src/buildroot/buildroot.ts';
import { createBuildrootFactory, findCloneMethod } from '../src/buildroot/buildroot-factory.ts';
import { openRunDirectory } from '../src/buildroot/run-directory.ts';
import { removeTree } from '../src/host/files.ts';
import { enterPrivateNamespace } from '../src/host/private-namespace.ts';
import { median, memoryNow, quantile } from './memory-now.ts';

const mebibyte = 1024 ** 2;
const together = 32;
const many = 512;

const [base, runs = '200'] = process.argv.slice(2);
if (base === undefined) throw new Error('usage: bench/buildroot.ts BASE-DIRECTORY [RUNS]');
const namespace = await enterPrivateNamespace();
const state = await mkdtemp(join(tmpdir(), 'paseka-bench-'));
try {
  await using run = await openRunDirectory(state);
  const choice = await findCloneMethod(state);
  const factory = createBuildrootFactory(run, choice);
  const lower = [resolve(base)];
  const who = namespace.inUserNamespace ? 'ordinary user' : 'root';
  print(`empty buildroots over ${base}, ${who}, ${choice.method}\n`);
  print('| | median | 90 % |\n|---|---|---|');
  for (const upper of [{ kind: 'tmpfs', sizeBytes: 1024 * mebibyte }, { kind: 'disk' }] as const) {
    await time(factory, lower, upper, Number(runs));
  }
  await weigh(factory, lower, together, 9);
  await weigh(factory, lower, many, 5);
} finally {
  await removeTree(state);
}

/** One at a time, unused. */
async function time(
  factory: BuildrootFactory,
  lower: readonly string[],
  upper: UpperPlace,
  count: number,
): Promise<void> {
  const acquiring: number[] = [];
  const disposing: number[] = [];
  for (let index = 0; index < count; index++) {
    const started = performance.now();
    const root = await factory.acquire({ lower, upper });
    const acquired = performance.now();
    await root[Symbol.asyncDispose]();
    acquiring.push(acquired - started);
    disposing.push(performance.now() - acquired);
  }
  const both = acquiring.map((value, index) => value + (disposing[index] ?? 0));
  for (const [name, values] of [
    ['acquire', acquiring],
    ['dispose', disposing],
    ['acquire + dispose', both],
  ] as const) {
    print(`| ${upper.kind}: ${name} | ${ms(median(values))} | ${ms(quantile(values, 0.9))} |`);
  }
}

/** What several idle ones take from the machine together. */
async function weigh(
  factory: BuildrootFactory,
  lower: readonly string[],
  count: number,
  times: number,
): Promise<void> {
  const lost: number[] = [];
  const slab: number[] = [];
  const starting: number[] = [];
  for (let index = 0; index < times; index++) {
    const before = memoryNow();
    const started = performance.now();
    const roots: readonly Buildroot[] = await Promise.all(
      Array.from({ length: count }, () =>
        factory.acquire({ lower, upper: { kind: 'tmpfs', sizeBytes: mebibyte } }),
      ),
    );
    starting.push(performance.now() - started);
    const after = memoryNow();
    lost.push(before.available - after.available);
    slab.push(after.slab - before.slab);
    for (const root of roots) await root[Symbol.asyncDispose]();
  }
  print(`| ${count} at once: all ready after | ${ms(median(starting))} | ${ms(quantile(starting, 0.9))} |`);
  print(`| ${count} idle: MemAvailable fell by | ${size(median(lost))} | ${size(quantile(lost, 0.9))} |`);
  print(`| ${count} idle: slab grew by | ${size(median(slab))} | ${size(quantile(slab, 0.9))} |`);
}

function ms(value: number): string {
  return `${value.toFixed(2)} ms`;
}

function size(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(2)} MB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
