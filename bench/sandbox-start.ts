// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * How long `true` takes in a root directory, by sandbox: medians of N runs, one of each kind after the other so that
 * what else the machine does falls on all of them alike. Also what the same processes take outside (the floor).
 *
 *     unshare --mount [--user --map-root-user --map-auto] node bench/sandbox-start.ts ROOT [RUNS]
 *
 * ROOT is a Debian root directory, of mmdebstrap for instance. runc and crun are measured where they are in PATH.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openResourceGroups } from '../src/host/cgroup.ts';
import { runProcess } from '../src/host/process.ts';
import { openBubblewrap } from '../src/sandbox/bubblewrap.ts';

const [root, runsText = '40'] = process.argv.slice(2);
if (root === undefined) throw new Error('usage: sandbox-start.ts ROOT [RUNS]');
const runs = Number(runsText);
const environment = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  ...(process.env['LD_LIBRARY_PATH'] === undefined
    ? {}
    : { LD_LIBRARY_PATH: process.env['LD_LIBRARY_PATH'] }),
};
const scratch = mkdtempSync(join(tmpdir(), 'paseka-bench-'));

const print = (line: string): void => void process.stdout.write(`${line}\n`);

type Runner = (index: number) => Promise<boolean>;

const command =
  (...argv: [string, ...string[]]): Runner =>
  async () => {
    const { end } = await runProcess({ command: argv, environment });
    return end.kind === 'exited' && end.exitCode === 0;
  };

function ociRuntime(name: string): Runner {
  const bundle = join(scratch, name);
  mkdirSync(bundle);
  const types = ['pid', 'ipc', 'uts', 'network', 'mount'].map((type) => ({ type }));
  writeFileSync(
    join(bundle, 'config.json'),
    JSON.stringify({
      ociVersion: '1.0.2',
      process: {
        cwd: '/',
        user: { uid: 0, gid: 0 },
        args: ['true'],
        env: ['PATH=/usr/bin:/bin'],
        noNewPrivileges: true,
      },
      root: { path: root },
      hostname: 'localhost',
      mounts: [
        { destination: '/proc', type: 'proc', source: 'proc' },
        { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['nosuid', 'mode=755'] },
        {
          destination: '/dev/pts',
          type: 'devpts',
          source: 'devpts',
          options: ['newinstance', 'ptmxmode=0666'],
        },
        { destination: '/dev/shm', type: 'tmpfs', source: 'shm', options: ['nosuid', 'mode=1777'] },
      ],
      linux: { namespaces: types },
    }),
  );
  return async (index) => {
    const { end } = await runProcess({
      command: [
        name,
        '--root',
        join(scratch, 'oci'),
        'run',
        '--bundle',
        bundle,
        `paseka-bench-${process.pid}-${index}`,
      ],
      environment,
    });
    return end.kind === 'exited' && end.exitCode === 0;
  };
}

const namespaces = ['--unshare-pid', '--unshare-ipc', '--unshare-uts', '--unshare-net', '--die-with-parent'];
const mounts = ['--bind', root, '/', '--dev', '/dev', '--proc', '/proc'];
const unshareOptions = [
  '--mount',
  '--pid',
  '--fork',
  '--ipc',
  '--uts',
  '--net',
  '--kill-child',
  '--mount-proc',
];

using groups = openResourceGroups();
const sandbox = openBubblewrap(groups);
const ours =
  (identity: 'root' | 'builder'): Runner =>
  async () => {
    const { end } = await sandbox.run({
      root,
      command: ['true'],
      identity,
      environment: {},
      workingDirectory: '/',
      binds: [],
      limits: { memoryBytes: 1024 ** 3, processes: 1000, timeoutMs: 60_000 },
      output: { kind: 'stream', onOutput: () => undefined },
    });
    return end.kind === 'exited' && end.exitCode === 0;
  };

const kinds: [string, Runner][] = [
  ['true, no sandbox', command('true')],
  [
    'unshare, chroot, /proc (no /dev, no cgroup, no mask)',
    command('unshare', ...unshareOptions, `--root=${root}`, '/bin/sh', '-c', 'true'),
  ],
  ['bwrap alone', command('bwrap', ...namespaces, ...mounts, 'true')],
  [`Sandbox.run as root (${groups.support.mechanism})`, ours('root')],
  [`Sandbox.run as builder (${groups.support.mechanism})`, ours('builder')],
];
for (const name of ['runc', 'crun']) {
  if (spawnSync('sh', ['-c', `command -v ${name}`]).status === 0) kinds.push([name, ociRuntime(name)]);
}

const times = new Map<string, number[]>(kinds.map(([name]) => [name, []]));
const failed = new Set<string>();
for (let index = 0; index < runs; index++) {
  for (const [name, run] of kinds) {
    if (failed.has(name)) continue;
    const started = performance.now();
    if (await run(index)) times.get(name)?.push(performance.now() - started);
    else failed.add(name);
  }
}
print(`| ${runs} runs each | least ms | median ms | 90 % ms |\n|---|---|---|---|`);
for (const [name, values] of times) {
  values.sort((a, b) => a - b);
  const at = (share: number): string => (values[Math.floor(values.length * share)] ?? Number.NaN).toFixed(1);
  print(
    failed.has(name) ? `| ${name} | fails here | | |` : `| ${name} | ${at(0)} | ${at(0.5)} | ${at(0.9)} |`,
  );
}
rmSync(scratch, { recursive: true });
