// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * node bench/against-sbuild.ts [--suite S] [--rounds N] [--work DIR] [--at-once 1,2] [--install-checks] [--smallest N]
 *     [--programs sbuild,cold,warm] [--light | SOURCE...]
 *
 * Rebuilds the same source packages with this program and with sbuild, in turns and in one run: one at a time and two
 * at once, each given the same .dsc files; with --install-checks this program checks each package besides, as sbuild
 * does not. --light stands for the 40 of light-sources.ts; with --smallest N only those N of the sources whose builds
 * take least are compared. sbuild at its best here: unshare mode on a tmpfs, indices inside its tarball so that it
 * updates nothing, `parallel=` as many as this program gives. This program twice: `cold` has snapshot, base and packages
 * but no dependency layer, `warm` has the layers too; neither takes results of an earlier campaign. --programs runs only
 * some of the three: shares of processor time need no sbuild. Prints wall seconds, their medians over the rounds and the ratios; of this program also the makespan against the builds' own time divided
 * by the workers, and the part of all processor time that the builds had. To be run as an ordinary user with subordinate
 * ids; needs sbuild, mmdebstrap, deb-src lines among the host's own sources or this program's snapshot, and the network.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { lightSources } from './light-sources.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    suite: { type: 'string', default: 'bookworm' },
    'at-once': { type: 'string', default: '1,2' },
    'install-checks': { type: 'boolean', default: false },
    light: { type: 'boolean', default: false },
    smallest: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    programs: { type: 'string', default: 'sbuild,cold,warm' },
    work: { type: 'string', default: join(homedir(), '.cache/paseka-bench') },
  },
});
const { suite } = values;
let names =
  positionals.length > 0
    ? positionals
    : values.light
      ? [...lightSources]
      : ['hello', 'tree', 'jansson', 'libtry-tiny-perl', 'libmoo-perl', 'libyaml-perl'];
const paseka = resolve(import.meta.dirname, '../bin/paseka');
const state = join(values.work, 'state');
const sourcesDirectory = join(values.work, 'sources');
const cores = availableParallelism();
const atOnceAll = values['at-once'].split(',').map(Number);
const programs = values.programs.split(',');

interface Run {
  readonly program: 'sbuild' | 'paseka cold' | 'paseka warm';
  readonly atOnce: number;
  readonly seconds: number;
  /** The builds' own time, summed, where the program tells it. */
  readonly buildSeconds: number;
  /** The part of all processor time that the builds had; 0 where it is not told. */
  readonly buildShare: number;
}

mkdirSync(sourcesDirectory, { recursive: true });
prepare();
const descriptions = names.map((name) => join(sourcesDirectory, findDescription(name)));
const runs: Run[] = [];
for (let round = 0; round < Number(values.rounds); round++) {
  for (const atOnce of atOnceAll) {
    if (programs.includes('sbuild')) report(runSbuild(atOnce));
    if (programs.includes('cold')) {
      removeLayers();
      report(runPaseka('paseka cold', atOnce));
    }
    if (programs.includes('warm')) report(runPaseka('paseka warm', atOnce));
  }
}
summarize();

/** Everything that is made once: the snapshot, the bases, the sources on disk, and sbuild's tarball. */
function prepare(): void {
  const prepared = command(paseka, [
    'rebuild',
    ...names,
    '--suite',
    suite,
    ...(values['install-checks'] ? [] : ['--no-install-check']),
    ...(values.smallest === undefined ? [] : ['--no-reuse']),
    '--state-dir',
    state,
    '--json',
    '--quiet',
  ]);
  if (values.smallest !== undefined) names = smallest(prepared, Number(values.smallest));
  for (const name of names) {
    if (findDescription(name) === '') fetchSource(name);
  }
  const tarball = join(homedir(), '.cache/sbuild', `${suite}-amd64.tar`);
  if (existsSync(tarball)) return;
  mkdirSync(join(homedir(), '.cache/sbuild'), { recursive: true });
  const lists = snapshotDirectory();
  command('mmdebstrap', [
    '--mode=unshare',
    '--variant=buildd',
    '--include=fakeroot',
    '--skip=cleanup/apt/lists,output/dev',
    '--aptopt=Acquire::Check-Valid-Until "false"',
    suite,
    tarball,
    join(lists, 'sources.list.d/paseka.sources'),
  ]);
}

/** Those of what was built whose builds took least. */
function smallest(document: string, count: number): string[] {
  const { tasks } = JSON.parse(document) as {
    tasks: readonly { source: string; outcome: string; buildMs: number }[];
  };
  const built = tasks.filter(({ outcome }) => outcome === 'built').sort((a, b) => a.buildMs - b.buildMs);
  const chosen = built.slice(0, count).map(({ source }) => source);
  console.log(`the ${chosen.length} smallest: ${chosen.join(', ')}`);
  return chosen;
}

function fetchSource(name: string): void {
  const frozen = snapshotDirectory();
  const options = [
    `Dir::Etc::sourcelist=${join(frozen, 'sources.list.d/paseka.sources')}`,
    'Dir::Etc::sourceparts=/dev/null',
    `Dir::State::lists=${join(frozen, 'lists')}`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    'Debug::NoLocking=true',
  ];
  const flags = options.flatMap((option) => ['-o', option]);
  command('apt-get', [...flags, '--download-only', 'source', name], sourcesDirectory);
}

function snapshotDirectory(): string {
  const snapshots = join(state, 'snapshots');
  return join(snapshots, readdirSync(snapshots)[0] ?? '', 'frozen');
}

function findDescription(name: string): string {
  return (
    readdirSync(sourcesDirectory).find((file) => file.startsWith(`${name}_`) && file.endsWith('.dsc')) ?? ''
  );
}

/** They belong to subordinate ids: only root of the user namespace can remove them. */
function removeLayers(): void {
  for (const part of ['layers', 'checks']) {
    command('unshare', ['--user', '--map-root-user', '--map-auto', 'rm', '-rf', join(state, part)]);
  }
}

function runSbuild(atOnce: number): Run {
  const output = mkdtempSync('/dev/shm/paseka-bench-sbuild-');
  const configuration = join(output, 'sbuildrc');
  writeFileSync(
    configuration,
    [
      "$chroot_mode = 'unshare';",
      '$apt_update = 0; $apt_upgrade = 0; $apt_distupgrade = 0;',
      '$run_lintian = 0; $run_piuparts = 0; $run_autopkgtest = 0;',
      "$unshare_tmpdir_template = '/dev/shm/tmp.sbuild.XXXXXXXXXX';",
      '1;',
    ].join('\n'),
  );
  const parallel = Math.max(1, Math.floor(cores / atOnce));
  const script = `printf '%s\\n' "$@" | xargs -P ${atOnce} -I{} sbuild --nolog -d ${suite} --jobs ${parallel} {} >sbuild.log 2>&1`;
  const started = performance.now();
  command('sh', ['-c', script, 'sh', ...descriptions], output, { SBUILD_CONFIG: configuration });
  const seconds = (performance.now() - started) / 1000;
  const built = readdirSync(output).filter((file) => file.endsWith('.changes')).length;
  if (built !== names.length)
    throw new Error(`sbuild built ${built} of ${names.length}: see ${output}/sbuild.log`);
  rmSync(output, { recursive: true, force: true });
  return { program: 'sbuild', atOnce, seconds, buildSeconds: 0, buildShare: 0 };
}

function runPaseka(program: 'paseka cold' | 'paseka warm', atOnce: number): Run {
  const started = performance.now();
  const { stdout: output, stderr } = commandWithWords('sh', [
    '-c',
    '"$@"; times >&2',
    'sh',
    paseka,
    'rebuild',
    ...descriptions,
    ...[
      '--suite',
      suite,
      '--jobs',
      String(atOnce),
      ...(values['install-checks'] ? [] : ['--no-install-check']),
      '--no-reuse',
      '--state-dir',
      state,
      '--json',
      '--quiet',
    ],
  ]);
  const seconds = (performance.now() - started) / 1000;
  const { tasks } = JSON.parse(output) as {
    tasks: readonly { outcome: string; buildMs: number; buildCpuMs: number; cpuMs: number }[];
  };
  const failed = tasks.filter((task) => task.outcome !== 'built');
  if (failed.length > 0 || tasks.length !== names.length) throw new Error(`not all were built: ${output}`);
  const buildSeconds = tasks.reduce((sum, task) => sum + task.buildMs, 0) / 1000;
  const buildCpuSeconds = tasks.reduce((sum, task) => sum + task.buildCpuMs, 0) / 1000;
  // what runs in roots is waited for inside their namespaces, and so is not in the shell's count
  const allSeconds = childSeconds(stderr) + tasks.reduce((sum, task) => sum + task.cpuMs, 0) / 1000;
  return { program, atOnce, seconds, buildSeconds, buildShare: buildCpuSeconds / allSeconds };
}

/** Processor seconds, of the user and of the kernel, in what a shell's `times` says of its children. */
function childSeconds(said: string): number {
  const line = said.trim().split('\n').at(-1) ?? '';
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds),
    0,
  );
}

function command(...given: Parameters<typeof commandWithWords>): string {
  return commandWithWords(...given).stdout;
}

function commandWithWords(
  tool: string,
  args: readonly string[],
  directory = process.cwd(),
  environment: Readonly<Record<string, string>> = {},
): { readonly stdout: string; readonly stderr: string } {
  const result = spawnSync(tool, args, {
    cwd: directory,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0)
    throw new Error(`${tool} ended with ${result.status}: ${result.stderr.slice(-2000)}`);
  return result;
}

function report(run: Run): void {
  runs.push(run);
  const build = run.buildSeconds > 0 ? `, of it the builds ${run.buildSeconds.toFixed(1)} s` : '';
  const ideal = run.buildSeconds / run.atOnce;
  const ratio = ideal > 0 ? `, ${(run.seconds / ideal).toFixed(2)} × their time ÷ workers` : '';
  const share = run.buildShare > 0 ? `, ${(100 * run.buildShare).toFixed(1)} % of the processor time` : '';
  console.log(`${run.program}, ${run.atOnce} at once: ${run.seconds.toFixed(1)} s${build}${ratio}${share}`);
}

function summarize(): void {
  const median = (given: readonly number[]): number => {
    const sorted = given.toSorted((a, b) => a - b);
    return ((sorted[(sorted.length - 1) >> 1] ?? 0) + (sorted[sorted.length >> 1] ?? 0)) / 2;
  };
  for (const atOnce of programs.length === 3 ? atOnceAll : []) {
    const of = (program: Run['program'], key: 'seconds' | 'buildShare' = 'seconds'): number =>
      median(runs.filter((run) => run.program === program && run.atOnce === atOnce).map((run) => run[key]));
    const sbuild = of('sbuild');
    for (const program of ['paseka cold', 'paseka warm'] as const) {
      console.log(
        `${atOnce} at once, medians: sbuild ${sbuild.toFixed(1)} s, ${program} ${of(program).toFixed(1)} s: ${(sbuild / of(program)).toFixed(2)} times faster; the builds had ${(100 * of(program, 'buildShare')).toFixed(1)} % of its processor time`,
      );
    }
  }
}
