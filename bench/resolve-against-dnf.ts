// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/resolve-against-dnf.ts [--packages N] [--timed N] [--sample N] [--repository DIR]... [--base] [--work DIR]
 *
 * Makes the index of a repository of N packages and half as many sources (large-repository.ts), freezes and opens it, and resolves N
 * random sources (--timed); asks dnf, too, for what random sources and packages need (--sample). With --repository, which may be
 * repeated, these real repositories are looked at instead: all of their sources, and random packages; with --base over a build base that is
 * made of them (as root), with a made repository beside that has newer versions of its packages and others that need, exclude or replace
 * them, and random sets of dependencies besides. Prints the times and how many answers are equal.
 * Needs dnf with dnf-plugins-core; no network.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Demand } from '../src/distro/rpm/demand.ts';
import { buildDemand, packagesDemand } from '../src/distro/rpm/demands.ts';
import { openFrozenCatalog } from '../src/distro/rpm/rpm-catalog.ts';
import { RpmResolver } from '../src/distro/rpm/rpm-resolver.ts';
import { type DnfAnswer, DnfOracle } from '../tests/support/rpm/dnf-oracle.ts';
import { freezeMade } from '../tests/support/rpm/freeze-made.ts';
import { makeLargeRepository } from '../tests/support/rpm/large-repository.ts';
import { writeMadeRepository } from '../tests/support/rpm/made-metadata.ts';
import { type InstalledBase, makeInstalledBase, packagesBeside, randomRequires } from './installed-base.ts';
import { processMemory } from './memory-now.ts';
import { sampleOf } from './sample.ts';

const { values } = parseArgs({
  options: {
    packages: { type: 'string', default: '30000' },
    sample: { type: 'string', default: '40' },
    timed: { type: 'string', default: '500' },
    repository: { type: 'string', multiple: true, default: [] },
    base: { type: 'boolean', default: false },
    work: { type: 'string', default: '/var/tmp/paseka-resolve-against-dnf' },
  },
});
const sample = Number(values.sample);
const isReal = values.repository.length > 0;

await rm(values.work, { recursive: true, force: true });
const directories = isReal ? [...values.repository] : [await makeRepository()];
const base = values.base ? await makeBaseAndMore() : undefined;
const repositories = repositoriesAt(directories);
const [frozen, freezeMs] = await timed(() => freeze('frozen'));
const before = processMemory(process.pid);
const [catalog, openMs] = await timed(() => openFrozenCatalog(frozen));
const after = processMemory(process.pid);
const [resolver, resolverMs] = await timed(() => RpmResolver.open(frozen, base?.installed));
const sources = [...catalog.sourceNames()].sort();
const binaries = [...catalog.packageNames()].sort();
console.log(
  `${binaries.length} packages and ${sources.length} sources: frozen in ${freezeMs} ms, opened in ${openMs} ms (${Math.round((after - before) / 1024 ** 2)} MiB), resolver made in ${resolverMs} ms`,
);

const dnf = new DnfOracle(join(values.work, 'dnf'));

const installedNames = new Set(base?.packages.map(({ name }) => name));
const counts = { equal: 0, different: 0, unsatisfiable: 0, packages: 0, changing: 0 };
const timesMs: number[] = [];
const cpuBefore = process.cpuUsage();
for (const source of sampleOf(sources, Number(values.timed), 3)) askForSource(source);
const cpu = process.cpuUsage(cpuBefore);
const cpuMs = (cpu.user + cpu.system) / 1000 / timesMs.length;
timesMs.sort((a, b) => a - b);
const mean = timesMs.reduce((sum, ms) => sum + ms, 0) / timesMs.length;
console.log(
  `build dependencies of ${timesMs.length} sources: ${mean.toFixed(2)} ms on average (${cpuMs.toFixed(2)} ms of a processor), median ${quantile(0.5)}, 99 % ${quantile(0.99)}, slowest ${quantile(1)}`,
);

counts.changing = 0; // those that were only timed are not compared
let dnfMs = 0;
for (const name of isReal ? sources : sampleOf(sources, sample, 1)) {
  await compare(`builddep ${name}`, askForSource(name), ['builddep', ...(await wordsFor(name))]);
}
for (const name of sampleOf(binaries, sample, 2)) {
  const mine = ask(() => {
    const demand = packagesDemand(resolver, { names: [name], local: [] });
    if ('unknown' in demand) throw new Error(demand.unknown);
    return demand;
  });
  await compare(`install ${name}`, mine, ['install', name]);
}
for (const requires of base === undefined ? [] : randomRequires(resolver, sample)) {
  const dependencies = [...requires]
    .sort()
    .map((text) => resolver.repositories.pool.parseDependency(text) ?? 0);
  const mine = ask(() => buildDemand(resolver, dependencies));
  await compare(`builddep of ${requires.join(', ')}`, mine, [
    'builddep',
    '--spec',
    await writeSpec(requires),
  ]);
}
const asked = counts.equal + counts.different;
console.log(
  `against dnf: ${counts.equal} equal, ${counts.different} different, of which ${counts.unsatisfiable} unsatisfiable, ${counts.changing} exchange what is installed, and the others ${Math.round(counts.packages / (asked - counts.unsatisfiable))} packages on average; dnf took ${Math.round(dnfMs / asked)} ms each`,
);
await rm(values.work, { recursive: true, force: true });

function repositoriesAt(places: readonly string[]): { readonly name: string; readonly uri: string }[] {
  return places.map((directory, index) => ({
    name: `repository-${index}`,
    uri: pathToFileURL(resolve(directory)).href,
  }));
}

function freeze(name: string): Promise<string> {
  const named = repositoriesAt(directories).map(({ name: suite, uri }) => ({ uri, suite }));
  return freezeMade(named, join(values.work, name));
}

/** A base of the repositories, to which one is added then that would change it. */
async function makeBaseAndMore(): Promise<InstalledBase> {
  const made = await makeInstalledBase(await freeze('of-base'), join(values.work, 'base'));
  const beside = join(values.work, 'beside');
  await writeMadeRepository(beside, packagesBeside(made.packages, 300));
  directories.push(beside);
  return made;
}

async function makeRepository(): Promise<string> {
  const repository = join(values.work, 'repository');
  await mkdir(repository, { recursive: true });
  await writeMadeRepository(repository, makeLargeRepository(Number(values.packages), 1));
  return repository;
}

function askForSource(name: string): DnfAnswer {
  const id = catalog.findSourceId(name);
  if (id === undefined) throw new Error(name);
  const version = catalog.repositories.version(id);
  return ask(() => buildDemand(resolver, resolver.requiresOf(resolver.findSource(name, version) ?? 0)));
}

/** What dnf builddep takes for a source: its file, or for one that is in the index alone a spec file that asks for the same. */
async function wordsFor(name: string): Promise<readonly string[]> {
  const id = catalog.findSourceId(name) ?? 0;
  if (isReal) return [fileURLToPath(catalog.repositories.packageFile(id).url)];
  const { pool } = catalog.repositories;
  const requires = pool.dependencies(id, 'solvable:requires').map((one) => pool.dependencyText(one));
  return ['--spec', await writeSpec(requires)];
}

async function writeSpec(requires: readonly string[]): Promise<string> {
  const spec = join(values.work, 'asks.spec');
  const lines = requires.map((one) => `BuildRequires: ${one}`).join('\n');
  await writeFile(
    spec,
    `Name: asks\nVersion: 1\nRelease: 1\nSummary: asks\nLicense: GPL\n${lines}\n%description\n`,
  );
  return spec;
}

function ask(demand: () => Demand): DnfAnswer {
  const started = performance.now();
  const answer = resolver.answer(demand(), false);
  timesMs.push(performance.now() - started);
  if (answer.kind === 'unsatisfiable') return { kind: 'unsatisfiable', said: answer.explanation };
  if (answer.packages.some(({ name }) => installedNames.has(name))) counts.changing++;
  const names = answer.packages.map((one) => `${one.name}-${one.version}.${one.architecture}`);
  return { kind: 'resolved', packages: names.sort() };
}

async function compare(
  what: string,
  mine: DnfAnswer,
  command: readonly ['install' | 'builddep', ...string[]],
): Promise<void> {
  const [theirs, ms] = await timed(() =>
    dnf.ask({ repositories, command, ...(base === undefined ? {} : { root: base.database }) }),
  );
  dnfMs += ms;
  const text = (answer: DnfAnswer): string =>
    answer.kind === 'resolved' ? answer.packages.join(' ') : answer.kind;
  if (mine.kind === 'unsatisfiable') counts.unsatisfiable++;
  else counts.packages += mine.packages.length;
  if (text(mine) === text(theirs)) {
    counts.equal++;
    return;
  }
  counts.different++;
  console.log(`${what}:\n  mine ${text(mine)}\n  dnf  ${text(theirs)}`);
}

async function timed<T>(action: () => Promise<T>): Promise<[T, number]> {
  const started = performance.now();
  const result = await action();
  return [result, Math.round(performance.now() - started)];
}

function quantile(share: number): string {
  const place = Math.min(timesMs.length - 1, Math.floor(timesMs.length * share));
  return `${(timesMs[place] ?? 0).toFixed(2)} ms`;
}
