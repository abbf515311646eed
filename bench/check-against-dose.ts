// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/check-against-dose.ts [SUITE] [--rounds N] [--state-dir DIR]
 *
 * Runs `paseka check` and dose-debcheck with dose-builddebcheck (packages dose-distcheck and dose-builddebcheck) in turns
 * on the lists of one snapshot of SUITE, which is made where there is none. Prints the seconds of each round (whole
 * processes; `cold`: without the catalog's cache, as the first time on a snapshot), their medians and the ratio, and
 * each verdict that only one of them gives. Ends with status 1 where there is such a verdict.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runProcess } from '../src/host/process.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '3' },
    'state-dir': { type: 'string', default: '/var/tmp/paseka-check-against-dose' },
  },
});
const suite = positionals[0] ?? 'bookworm';
const state = values['state-dir'];
const program = resolve(import.meta.dirname, '../bin/paseka');
const environment = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', LC_ALL: 'C' };

interface Verdicts {
  readonly seconds: number;
  /** `package NAME VERSION ARCHITECTURE` and `source NAME VERSION`. */
  readonly broken: ReadonlySet<string>;
}

interface CheckDocument {
  readonly unsatisfiable: readonly { readonly source: string; readonly version: string }[];
  readonly uninstallable: readonly {
    readonly package: string;
    readonly version: string;
    readonly architecture: string;
  }[];
}

interface SnapshotDocument {
  readonly snapshot: { readonly id: string; readonly architecture: string };
}

const { id, architecture } = await makeSnapshot();
const frozen = join(state, 'snapshots', id, 'frozen');
const work = mkdtempSync(join(tmpdir(), 'check-against-dose-'));
const times = { cold: [] as number[], warm: [] as number[], dose: [] as number[] };
let differences = 0;
try {
  const packages = join(work, 'Packages');
  const sources = join(work, 'Sources');
  writeFileSync(packages, joinedLists('_Packages'));
  writeFileSync(sources, joinedLists('_Sources'));
  for (let round = 0; round < Number(values.rounds); round++) {
    rmSync(join(frozen, 'catalog.bin'), { force: true });
    const cold = await runPaseka();
    const warm = await runPaseka();
    const dose = await runDose(packages, sources);
    times.cold.push(cold.seconds);
    times.warm.push(warm.seconds);
    times.dose.push(dose.seconds);
    console.log({ round, cold: cold.seconds, warm: warm.seconds, dose: dose.seconds });
    if (round === 0) console.log({ suite, broken: warm.broken.size, brokenByDose: dose.broken.size });
    for (const mine of [cold, warm]) differences += compare(mine.broken, dose.broken);
  }
} finally {
  rmSync(work, { recursive: true });
}
const medians = { cold: median(times.cold), warm: median(times.warm), dose: median(times.dose) };
console.log({
  medians,
  timesFasterCold: medians.dose / medians.cold,
  timesFaster: medians.dose / medians.warm,
});
console.log({ verdictsEqual: differences === 0 });
process.exitCode = differences === 0 ? 0 : 1;

async function makeSnapshot(): Promise<SnapshotDocument['snapshot']> {
  const words = ['snapshot', 'create', '--suite', suite, '--state-dir', state, '--json'];
  const { stdout } = await run([program, ...words], [0]);
  return (JSON.parse(stdout) as SnapshotDocument).snapshot;
}

async function runPaseka(): Promise<Verdicts> {
  const words = ['check', '--snapshot', id, '--state-dir', state, '--json'];
  const { stdout, seconds } = await run([program, ...words], [0, 1]);
  const document = JSON.parse(stdout) as CheckDocument;
  const broken = new Set([
    ...document.unsatisfiable.map((one) => `source ${one.source} ${one.version}`),
    ...document.uninstallable.map((one) => `package ${one.package} ${one.version} ${one.architecture}`),
  ]);
  return { seconds, broken };
}

async function runDose(packages: string, sources: string): Promise<Verdicts> {
  const options = [`--deb-native-arch=${architecture}`, '--failures'];
  const binary = await run(['dose-debcheck', ...options, packages], [0, 1]);
  const source = await run(['dose-builddebcheck', ...options, packages, sources], [0, 1]);
  const broken = new Set([
    ...reports(binary.stdout).map((one) => `package ${one.package} ${one.version} ${one.architecture}`),
    ...reports(source.stdout).map((one) => `source ${one.package.replace(/^src:/, '')} ${one.version}`),
  ]);
  return { seconds: binary.seconds + source.seconds, broken };
}

/** The entries of dose's report, which is YAML without anything that wants a parser. */
function reports(text: string): { package: string; version: string; architecture: string }[] {
  return text.split(/^ -$/m).flatMap((entry) => {
    const field = (name: string): string => new RegExp(`^ {2}${name}: (.*)$`, 'm').exec(entry)?.[1] ?? '';
    const name = field('package');
    return name === ''
      ? []
      : [{ package: name, version: field('version'), architecture: field('architecture') }];
  });
}

/** All lists of a kind in one, each version of a package once: dose refuses what stands in two of them. */
function joinedLists(ending: string): string {
  const lists = join(frozen, 'lists');
  const seen = new Set<string>();
  const kept: string[] = [];
  for (const name of readdirSync(lists).filter((file) => file.endsWith(ending))) {
    for (const paragraph of readFileSync(join(lists, name), 'utf8').split(/\n\n+/)) {
      const key = ['Package', 'Version', 'Architecture'].map(
        (field) => new RegExp(`^${field}: (.*)$`, 'm').exec(paragraph)?.[1],
      );
      if (paragraph.trim() === '' || seen.has(key.join(' '))) continue;
      seen.add(key.join(' '));
      kept.push(`${paragraph.trimEnd()}\n`);
    }
  }
  return kept.join('\n');
}

function compare(mine: ReadonlySet<string>, dose: ReadonlySet<string>): number {
  const onlyHere = [...mine].filter((verdict) => !dose.has(verdict));
  const onlyDose = [...dose].filter((verdict) => !mine.has(verdict));
  for (const verdict of onlyHere) console.log(`only paseka calls it broken: ${verdict}`);
  for (const verdict of onlyDose) console.log(`only dose calls it broken: ${verdict}`);
  return onlyHere.length + onlyDose.length;
}

async function run(
  command: readonly [string, ...string[]],
  statuses: readonly number[],
): Promise<{ stdout: string; seconds: number }> {
  const { end, stdout, stderr, wallMs } = await runProcess({ command, environment });
  if (end.kind !== 'exited' || !statuses.includes(end.exitCode)) {
    throw new Error(`${command.join(' ')} failed (${JSON.stringify(end)}): ${stderr.slice(-2000)}`);
  }
  return { stdout, seconds: Math.round(wallMs) / 1000 };
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = 0, high = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}
