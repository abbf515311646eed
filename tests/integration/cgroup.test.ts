// SPDX-License-Identifier: GPL-2.0-or-later
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openResourceGroups } from '../../src/host/cgroup.ts';
import {
  emptyAndRemove,
  killMembers,
  makeOwnDirectory,
  readMembers,
  sweepHierarchy,
} from '../../src/host/cgroup-directory.ts';
import { parseCgroupView } from '../../src/host/cgroup-files.ts';
import { openCgroupV1 } from '../../src/host/cgroup-v1.ts';
import { openCgroupV2 } from '../../src/host/cgroup-v2.ts';
import { identifyProcess, isRunning } from '../../src/host/process-table.ts';
import type { OpenedGroups, ResourceGroup, ResourceGroups } from '../../src/host/resource-group.ts';
import { setExtendedAttribute } from '../../src/host/system-calls.ts';

const mountinfo = readFileSync('/proc/self/mountinfo', 'utf8');
const memberships = readFileSync('/proc/self/cgroup', 'utf8');
const isRoot = process.getuid?.() === 0;

/** A process that enters the group and then does what `script` says. */
function enter(group: ResourceGroup, script: string): ChildProcess {
  const entries = group.entryFiles.map((file) => `echo 0 > '${file}' || exit 125`);
  return spawn('/bin/sh', ['-c', [...entries, script].join('; ')], { stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Those of the kernel's mechanisms that can be used here; most hosts have one of them. */
const view = parseCgroupView({ memberships, mountinfo });
const mechanisms = [
  { name: 'cgroup-v1', open: () => openCgroupV1(view) },
  { name: 'cgroup-v2', open: () => openCgroupV2(view) },
];

function isUsable(open: () => OpenedGroups): boolean {
  if (!isRoot) return false;
  const opened = open();
  if (opened.kind === 'opened') opened.groups[Symbol.dispose]();
  return opened.kind === 'opened';
}

describe.each(mechanisms.filter(({ open }) => isUsable(open)))('$name', ({ name, open }) => {
  let groups: ResourceGroups;
  beforeEach(() => {
    const opened = open();
    if (opened.kind !== 'opened') throw new Error(opened.reason);
    groups = opened.groups;
  });
  afterEach(() => groups[Symbol.dispose]());

  test('describes itself as exact', () => {
    expect(groups.support).toMatchObject({
      mechanism: name,
      memory: 'exact',
      processes: 'exact',
      cpuTime: 'exact',
      remedy: null,
    });
  });

  test('counts memory and time of what entered, and kills it', async () => {
    await using group = groups.create({});
    const child = enter(group, 'exec perl -e \'$x = "x" x (50 << 20); $| = 1; print 1; sleep 600\'');
    await once(child.stdout ?? child, 'data');
    expect(group.sample(0).memoryBytes).toBeGreaterThanOrEqual(50 * 1024 * 1024);
    const exited = once(child, 'exit');
    group.killAll();
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(group.totals()).toMatchObject({ oomKills: 0, refusedForks: 0 });
    expect(group.totals().cpuMs).toBeGreaterThan(0);
  });

  test('tells of kills for memory and of refused forks', async () => {
    await using group = groups.create({ memoryBytes: 20 * 1024 * 1024, processes: 3 });
    await once(enter(group, 'perl -e \'$x = "x" x (50 << 20)\''), 'exit');
    expect(group.totals().oomKills).toBeGreaterThanOrEqual(1);
    expect(group.oomKills).toBe(group.totals().oomKills);
    await once(enter(group, 'for i in 1 2 3 4 5; do sleep 1 & done'), 'exit');
    expect(group.totals().refusedForks).toBeGreaterThanOrEqual(1);
  });

  test('disposing kills what is left, and leaves no directory', async () => {
    const before = cgroupsOfThisProcess();
    const group = groups.create({});
    const child = enter(group, 'sleep 600 & setsid sleep 600 & echo begun; wait');
    await once(child.stdout ?? child, 'data');
    const exited = once(child, 'exit');
    await group[Symbol.asyncDispose]();
    expect(await exited).toEqual([null, 'SIGKILL']);
    expect(cgroupsOfThisProcess()).toEqual(before);
  });

  test('a sweep takes what a killed process left, and nothing of the living', async () => {
    const living = groups.create({});
    const driver = join(import.meta.dirname, '../support/cgroup-driver.ts');
    const child = spawn(process.execPath, [driver], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [data] = (await once(child.stdout, 'data')) as [Buffer];
    const [left = '', sleeper = ''] = data.toString().trim().split(' ');
    const slept = identifyProcess(Number(sleeper));
    await groups.sweep(); // what others may have left
    expect(existsSync(left)).toBe(true);
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
    expect(existsSync(left)).toBe(true);
    expect(await groups.sweep()).toBeGreaterThanOrEqual(1);
    expect(existsSync(left)).toBe(false);
    expect(slept).toBeDefined();
    await expect.poll(() => slept !== undefined && isRunning(slept)).toBe(false);
    for (const file of living.entryFiles) expect(existsSync(file)).toBe(true);
    await living[Symbol.asyncDispose]();
  });
});

const unified = view.mounts.find((mount) => mount.isV2 && !mount.isReadOnly);

describe.runIf(isRoot && unified !== undefined)(
  'the kernel’s v2 hierarchy, whatever controllers it has',
  () => {
    const parent = join(unified?.mountPoint ?? '', `paseka-probe-${process.pid}`);
    beforeEach(() => {
      mkdirSync(parent);
    });
    afterEach(() => rmdirSync(parent));

    test('own directories are swept only when their process is gone', async () => {
      const own = makeOwnDirectory(parent);
      mkdirSync(join(own.path, 'run-1'));
      expect(await sweepHierarchy(parent)).toBe(0);
      expect(existsSync(own.path)).toBe(true);
      own[Symbol.dispose]();
      expect(readdirSync(parent).filter((name) => name.startsWith('paseka-'))).toEqual([]);
      mkdirSync(join(parent, 'paseka-1-1/run-1'), { recursive: true });
      expect(await sweepHierarchy(parent)).toBe(1);
    });

    test('members are listed, killed and gone before the directory is removed', async () => {
      const directory = join(parent, 'run-1');
      mkdirSync(directory);
      const script = `echo 0 > ${directory}/cgroup.procs; (setsid sleep 600 &) ; echo begun; sleep 600`;
      const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
      await once(child.stdout, 'data');
      expect(readMembers(directory)).toContain(child.pid);
      const exited = once(child, 'exit');
      killMembers(directory);
      expect(await exited).toEqual([null, 'SIGKILL']);
      await emptyAndRemove(directory);
      expect(existsSync(directory)).toBe(false);
    });
  },
);

const hasV2Memory = unified !== undefined && isUsable(() => openCgroupV2(view));

describe.runIf(hasV2Memory)('a delegated part of the v2 hierarchy', () => {
  const scope = join(unified?.mountPoint ?? '', `paseka-scope-${process.pid}`);
  beforeEach(() => {
    mkdirSync(scope);
    setExtendedAttribute(scope, 'user.delegate', Buffer.from('1')); // as systemd says it
  });
  afterEach(() => rmdirSync(scope));
  const enterScope = `echo 0 > ${scope}/cgroup.procs`;

  /** What the program finds when it is started in the scope. */
  function openInScope(): { readonly detail: string; readonly own: string } {
    const module = new URL('../../src/host/cgroup.ts', import.meta.url).href;
    const script = `
      import { readFileSync } from 'node:fs';
      import { openResourceGroups } from ${JSON.stringify(module)};
      using groups = openResourceGroups();
      const own = readFileSync('/proc/self/cgroup', 'utf8');
      console.log(JSON.stringify({ detail: groups.support.detail, own }));`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const { stdout } = spawnSync('/bin/sh', ['-c', `${enterScope}; exec "$@"`, 'sh', ...node], {
      encoding: 'utf8',
    });
    return JSON.parse(stdout) as { detail: string; own: string };
  }

  test('the program makes room in it, and has its groups below', async () => {
    const { detail, own } = openInScope();
    expect(detail).toBe(`cgroup v2 below ${scope}`);
    expect(own).toMatch(new RegExp(`^0::.*${basename(scope)}/paseka-supervisor$`, 'm'));
    expect(readdirSync(scope).filter((name) => /^paseka-\d/.test(name))).toEqual([]);
    await emptyAndRemove(join(scope, 'paseka-supervisor'));
  });

  test('where others live in it too it is not used, and nobody is moved', async () => {
    const other = spawn('/bin/sh', ['-c', `${enterScope}; exec sleep 600`], { stdio: 'ignore' });
    await expect.poll(() => readMembers(scope)).toEqual([other.pid]);
    const { detail, own } = openInScope();
    expect(detail).not.toContain(`below ${scope}`);
    expect(own).toMatch(new RegExp(`^0::.*${basename(scope)}$`, 'm'));
    expect(readMembers(scope)).toEqual([other.pid]);
    const exited = once(other, 'exit');
    other.kill('SIGKILL');
    await exited;
  });
});

describe('cgroup v2, on files like the kernel’s', () => {
  let top: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'cgroup-'));
    writeFileSync(join(top, 'cgroup.controllers'), 'cpuset cpu io memory pids\n');
    writeFileSync(join(top, 'cgroup.subtree_control'), 'cpu memory pids\n');
  });
  afterEach(() => rmSync(top, { recursive: true }));
  const open = () =>
    openCgroupV2(
      parseCgroupView({
        memberships: '0::/user.slice\n',
        mountinfo: `1 2 0:3 / ${top} rw - cgroup2 cgroup2 rw,nsdelegate\n`,
      }),
    );

  test('without a memory controller it is not used', () => {
    writeFileSync(join(top, 'cgroup.controllers'), 'cpu pids\n');
    expect(refusalOf(open()).reason).toContain('no memory controller');
  });

  test('below a place where the controllers can’t be had it is not used, and says what helps', () => {
    writeFileSync(join(top, 'cgroup.type'), 'domain\n'); // not the top of the machine, and our own is elsewhere
    expect(refusalOf(open()).remedy).toMatch(/^systemd-run .*-p Delegate=yes/);
  });

  test('reads what the kernel counts', () => {
    const opened = open();
    if (opened.kind !== 'opened') throw new Error(opened.reason);
    expect(opened.groups.support).toMatchObject({
      mechanism: 'cgroup-v2',
      memory: 'exact',
      cpuTime: 'exact',
    });
    const group = opened.groups.create({ memoryBytes: 4096, processes: 7 });
    const [entry = ''] = group.entryFiles;
    const directory = join(entry, '..');
    expect(directory.startsWith(join(top, 'paseka-'))).toBe(true);
    writeFileSync(join(directory, 'memory.stat'), 'anon 1000\nfile 99999\nkernel 5\nshmem 234\n');
    writeFileSync(
      join(directory, 'memory.events'),
      'low 0\nhigh 0\nmax 12\noom 2\noom_kill 3\noom_group_kill 1\n',
    );
    writeFileSync(join(directory, 'cpu.stat'), 'usage_usec 1500\nuser_usec 1000\nsystem_usec 500\n');
    writeFileSync(join(directory, 'pids.events'), 'max 4\n');
    expect(group.sample(0)).toEqual({ memoryBytes: 1234, processes: null });
    expect(group.oomKills).toBe(3);
    expect(group.totals()).toEqual({ cpuMs: 1.5, oomKills: 3, refusedForks: 4 });
  });
});

test('where no cgroup can be used, sampling says why', () => {
  using groups = openResourceGroups({ memberships: '', mountinfo: '' });
  expect(groups.support).toMatchObject({ mechanism: 'sampling', memory: 'sampled' });
  expect(groups.support.detail).toContain('cgroup v2 is not mounted');
});

function refusalOf(opened: OpenedGroups): Extract<OpenedGroups, { kind: 'unusable' }> {
  if (opened.kind !== 'unusable') throw new Error('opened');
  return opened;
}

function cgroupsOfThisProcess(): string {
  return spawnSync(
    'sh',
    [
      '-c',
      `ls -d /sys/fs/cgroup/paseka-${process.pid}-*/*/ /sys/fs/cgroup/*/paseka-${process.pid}-*/*/ 2>/dev/null`,
    ],
    {
      encoding: 'utf8',
    },
  ).stdout;
}
