// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/resolve-against-apt.ts SUITE [--sample N] [--seed S] [--install] [--work DIR] [--all]
 *
 * Asks this program's resolver and the apt of a real base of SUITE the same questions: the build dependencies of N
 * random sources, or (--install) what N random binary packages need. Prints how many answers are equal, different,
 * undecided (asks apt) or wrong (apt can't, or the resolver says that it can't), each difference, and the time per
 * answer. apt's answers are kept in DIR, so that a second run takes seconds. --all also resolves every source of the
 * suite, for the time and the share of undecided ones. Needs root, the network, bwrap and mmdebstrap.
 */
import { appendFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openCatalog } from '../src/distro/deb/open-catalog.ts';
import { parseInstalledBase } from '../src/distro/deb/resolve/installed-base.ts';
import { Resolver, type ResolverAnswer } from '../src/distro/deb/resolve/resolver.ts';
import { Universe } from '../src/distro/deb/resolve/universe.ts';
import { type AptAnswer, prepareOracle } from './apt-oracle.ts';
import { sampleOf } from './sample.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    install: { type: 'boolean', default: false },
    all: { type: 'boolean', default: false },
    work: { type: 'string', default: '/var/tmp/paseka-resolve-against-apt' },
  },
});
const suite = positionals[0] ?? 'bookworm';
const scope = { profiles: [], indep: true };

const oracle = await prepareOracle(values.work, suite);
const openStarted = performance.now();
const catalog = await openCatalog(oracle.inputs, join(values.work, `${suite}.catalog`));
const openMs = performance.now() - openStarted;
const universeStarted = performance.now();
const resolver = new Resolver(new Universe(catalog, parseInstalledBase(oracle.status, 'amd64')));
const universeMs = performance.now() - universeStarted;

const sources = [...catalog.sourceNames()].filter(
  (name) => !catalog.isExtraSourceOnly(catalog.findSourceRow(name)),
);
const names = sampleOf(
  values.install ? [...catalog.packageNames()] : sources,
  Number(values.sample),
  Number(values.seed),
);
const answersFile = join(values.work, `answers-${suite}${values.install ? '-install' : ''}.jsonl`);
const known = await readAnswers(answersFile);
const counts = { equal: 0, unsatisfiableForBoth: 0, undecided: 0, different: 0, wrong: 0 };
let resolveMs = 0;
let slowestMs = 0;
for (const name of names) {
  const started = performance.now();
  const answer = resolve(name);
  const ms = performance.now() - started;
  resolveMs += ms;
  slowestMs = Math.max(slowestMs, ms);
  const apt = known.get(name) ?? (await ask(name));
  const verdict = compare(answer, apt);
  counts[verdict.kind]++;
  if (verdict.detail !== undefined) console.log(`${verdict.kind} ${name}: ${verdict.detail}`);
}
console.log({ suite, sample: names.length, seed: Number(values.seed), install: values.install, ...counts });
console.log({ openMs, universeMs, msPerAnswer: resolveMs / names.length, slowestMs });
if (values.all) resolveAll();

function resolve(name: string): ResolverAnswer {
  if (values.install) return resolver.resolvePackages([name]);
  return resolver.resolveSourceRow(catalog.findSourceRow(name), scope);
}

async function ask(name: string): Promise<AptAnswer> {
  const answer = await oracle.ask(
    values.install ? ['--no-install-recommends', 'install', '--', name] : ['build-dep', '--', name],
  );
  await appendFile(answersFile, `${JSON.stringify(answer)}\n`);
  return answer;
}

function compare(answer: ResolverAnswer, apt: AptAnswer): { kind: keyof typeof counts; detail?: string } {
  switch (answer.kind) {
    case 'undecided':
      return { kind: 'undecided', detail: `${answer.reason} (apt ${apt.error === null ? 'can' : "can't"})` };
    case 'unknown-package':
    case 'unsatisfiable':
      if (apt.error !== null) return { kind: 'unsatisfiableForBoth' };
      return { kind: 'wrong', detail: answer.kind === 'unsatisfiable' ? answer.explanation : answer.name };
    case 'resolved': {
      if (apt.error !== null) return { kind: 'wrong', detail: apt.error.slice(-1000) };
      const mine = answer.rows
        .map((row) => resolver.universe.describe(row))
        .map((one) => `${one.name} ${one.version} ${one.architecture}`);
      const extra = mine.filter((one) => !apt.install.includes(one));
      const missing = apt.install.filter((one) => !mine.includes(one));
      if (extra.length + missing.length + apt.remove.length === 0) return { kind: 'equal' };
      const detail = `only here: ${extra.join(', ')}; only apt: ${missing.join(', ')}; apt removes: ${apt.remove.join(', ')}`;
      return { kind: 'different', detail };
    }
  }
}

function resolveAll(): void {
  const kinds: Record<string, number> = {};
  const started = performance.now();
  for (const source of sources) {
    const { kind } = resolver.resolveSourceRow(catalog.findSourceRow(source), scope);
    kinds[kind] = (kinds[kind] ?? 0) + 1;
  }
  const ms = (performance.now() - started) / sources.length;
  const rssBytes = process.memoryUsage().rss;
  const peakRssBytes = process.resourceUsage().maxRSS * 1024;
  console.log({ sources: sources.length, ...kinds, msPerSource: ms, rssBytes, peakRssBytes });
}

async function readAnswers(path: string): Promise<Map<string, AptAnswer>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const answers = text.split('\n').filter((line) => line !== '');
  return new Map(
    answers.map((line) => JSON.parse(line) as AptAnswer).map((answer) => [answer.source, answer]),
  );
}
