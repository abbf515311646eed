// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandEnd } from '../../src/distro/root.ts';
import { openResourceGroups } from '../../src/host/cgroup.ts';
import { sampledGroups } from '../../src/host/process-sampler.ts';
import type { ResourceGroups } from '../../src/host/resource-group.ts';
import { openBubblewrap } from '../../src/sandbox/bubblewrap.ts';
import { installationCapabilities } from '../../src/sandbox/capabilities.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { type Behaviour, testSandboxContract } from '../contract/sandbox-contract.ts';
import { isRunAsUser, runTestsAsUser } from '../support/as-user.ts';
import { requires } from '../support/capabilities.ts';
import { makeOrdinaryUser } from '../support/ordinary-user.ts';
import { runShell, type ShellResult } from '../support/shell-run.ts';
import { makeTinyRoot, type TinyRoot } from '../support/tiny-root.ts';

let root: TinyRoot;
beforeAll(() => {
  root = makeTinyRoot();
});
afterAll(() => root[Symbol.dispose]());

if (!isRunAsUser) {
  requires(
    'root',
    'userns',
    'bubblewrap',
  )('an ordinary user', () => {
    test('all of this file passes in a user namespace too', async () => {
      await using user = await makeOrdinaryUser();
      const { status, output } = runTestsAsUser(user, 'tests/integration/sandbox.test.ts');
      expect(status, output).toBe(0);
      expect(output).toMatch(/Tests\s+\d+ passed/);
    });
  });
}

const mechanisms: readonly (readonly [string, () => ResourceGroups])[] = [
  ['the best mechanism of this host', () => openResourceGroups()],
  ['sampling', () => sampledGroups('for a test', null)],
];

for (const [name, openGroups] of mechanisms) {
  requires('root', 'bubblewrap')(`with ${name}`, () => {
    let groups: ResourceGroups;
    let sandbox: Sandbox;
    beforeAll(() => {
      groups = openGroups();
      sandbox = openBubblewrap(groups);
    });
    afterAll(() => groups[Symbol.dispose]());
    const run = (script: string, more: Parameters<typeof runShell>[3] = {}): Promise<ShellResult> =>
      runShell(sandbox, root, script, more);

    describe('the contract', () => {
      testSandboxContract(() => ({
        sandbox,
        request: (behaviour) => ({ root: root.directory, command: commandOf(behaviour), binds: root.binds }),
      }));
    });

    describe('limits', () => {
      test('memory: an allocation over the limit', async () => {
        const { end, peakMemoryBytes } = await run(allocate(300), {
          limits: { memoryBytes: 100 * mebibyte },
        });
        expect(end).toEqual({ kind: 'out-of-memory', limitBytes: 100 * mebibyte });
        expect(peakMemoryBytes).toBeGreaterThanOrEqual(100 * mebibyte);
      });

      test('memory: many processes together', async () => {
        const script = `for i in 1 2 3 4; do ${allocate(60)} & done; wait`;
        const { end } = await run(script, { limits: { memoryBytes: 150 * mebibyte, timeoutMs: 60_000 } });
        expect(end.kind).toBe('out-of-memory');
      });

      test('memory: files in /dev/shm are counted, and bounded', async () => {
        const script = 'head -c 60M /dev/zero > /dev/shm/file; echo written; exec sleep 600';
        const first = await untilSaid('written', (more) =>
          run(script, { ...more, limits: { memoryBytes: 100 * mebibyte } }),
        );
        expect(first.peakMemoryBytes).toBeGreaterThanOrEqual(60 * mebibyte);
        const second = await run('head -c 300M /dev/zero > /dev/shm/file', {
          limits: { memoryBytes: 100 * mebibyte },
        });
        expect(second.end.kind === 'exited' && second.end.exitCode === 0).toBe(false);
      });

      test('memory: page cache of files is not counted', async () => {
        const script =
          'head -c 100M /dev/zero > /build/cached; cat /build/cached > /dev/null; echo written; exec sleep 600';
        const { end, peakMemoryBytes } = await untilSaid('written', (more) => run(script, more));
        expect(end).toEqual({ kind: 'cancelled' });
        expect(peakMemoryBytes).toBeLessThan(50 * mebibyte);
      });

      test('processes', async () => {
        const script = 'for i in $(seq 60); do sleep 600 & done; wait';
        const { end } = await run(script, { limits: { processes: 30, timeoutMs: 60_000 } });
        expect(end).toEqual({ kind: 'process-limit', limit: 30 });
      });

      test('CPU time is counted', async () => {
        const script = 'i=0; while [ $i -lt 400000 ]; do i=$((i+1)); done; echo counted; exec sleep 600';
        const { cpuMs } = await untilSaid('counted', (more) => run(script, more));
        expect(cpuMs).toBeGreaterThanOrEqual(50);
      });
    });

    describe('leftovers', () => {
      test('daemons are dead when run returns', async () => {
        const mark = `60${process.pid}1`;
        const script = `setsid -f sleep ${mark} >/dev/null 2>&1 </dev/null; (setsid sleep ${mark} &); echo begun`;
        const { end, stdout } = await run(script);
        expect(end).toEqual({ kind: 'exited', exitCode: 0 });
        expect(stdout).toBe('begun\n');
        expect(processesWith(mark)).toEqual([]);
      });

      test('a daemon that holds the output open does not delay the end', async () => {
        const mark = `60${process.pid}2`;
        const { end } = await run(`setsid -f sleep ${mark}`, { limits: { timeoutMs: 30_000 } });
        expect(end).toEqual({ kind: 'exited', exitCode: 0 });
        expect(processesWith(mark)).toEqual([]);
      });

      test('a fork bomb of daemons is dead after a cancellation', async () => {
        const mark = `60${process.pid}3`;
        const script = `for i in 1 2 3 4 5 6 7 8; do setsid -f sh -c 'while :; do sleep ${mark} & sleep 0.01; done'; done; echo begun; exec sleep 600`;
        const { end } = await untilSaid('begun', (more) => run(script, more));
        expect(end).toEqual({ kind: 'cancelled' });
        expect(processesWith(mark)).toEqual([]);
      });
    });
  });
}

requires('root', 'bubblewrap')('isolation', () => {
  let groups: ResourceGroups;
  let sandbox: Sandbox;
  beforeAll(() => {
    groups = openResourceGroups();
    sandbox = openBubblewrap(groups);
  });
  afterAll(() => groups[Symbol.dispose]());
  const run = (script: string, more: Parameters<typeof runShell>[3] = {}): Promise<ShellResult> =>
    runShell(sandbox, root, script, more);

  describe.each(['builder', 'root'] as const)('of %s', (identity) => {
    const say = async (script: string): Promise<string> => (await run(script, { identity })).stdout.trim();

    test('the network is loopback only, and that works', async () => {
      expect(await say("sed '1,2d; s/:.*//; s/ //g' /proc/net/dev")).toBe('lo');
      expect(
        await say(
          'perl -MIO::Socket::INET -e \'$s = IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") or die; print 1 if IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $s->sockport)\'',
        ),
      ).toBe('1');
    });

    test('nothing of the host’s files is visible but the binds', async () => {
      expect((await say('ls -A /')).split('\n')).toEqual(expect.arrayContaining(['build', 'etc', 'usr']));
      expect(await say('ls -d /home /var /boot /opt 2>/dev/null')).toBe('');
      expect(await say('ls -A /tmp')).toBe('');
      expect(await say(`ls ${root.directory} 2>/dev/null`)).toBe('');
      expect(await say(`touch /usr/x 2>/dev/null || echo refused`)).toBe('refused');
    });

    test('no descriptor of this process comes in', async () => {
      expect(await say('cd /proc/self/fd && echo *')).toMatch(/^0 1 2( \d)?$/);
    });

    test('processes, IPC and host name are its own', async () => {
      expect(await say('cat /proc/1/comm')).toBe('bwrap');
      expect(Number(await say('ls -d /proc/[0-9]* | wc -l'))).toBeLessThan(8);
      expect(await say('cat /proc/sys/kernel/hostname')).toBe('localhost');
      for (const kind of ['pid', 'mnt', 'ipc', 'uts', 'net', 'cgroup']) {
        expect(await say(`readlink /proc/self/ns/${kind}`)).not.toBe(readlinkSync(`/proc/self/ns/${kind}`));
      }
    });

    test('no new privileges, and no capability but the listed ones', async () => {
      const status = await say('cat /proc/self/status');
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      expect(status).toMatch(
        identity === 'root' ? /^Uid:\s+0\s+0\s+0\s+0$/m : /^Uid:\s+1000\s+1000\s+1000\s+1000$/m,
      );
      const capabilities = (name: string): bigint =>
        BigInt(`0x${new RegExp(`^${name}:\\s+(\\w+)`, 'm').exec(status)?.[1]}`);
      for (const name of ['CapPrm', 'CapEff', 'CapInh', 'CapAmb']) {
        expect(bitCount(capabilities(name))).toBe(identity === 'root' ? installationCapabilities.length : 0);
      }
      const sysAdmin = 1n << 21n;
      expect(capabilities('CapEff') & sysAdmin).toBe(0n);
      if (identity === 'builder') expect(capabilities('CapBnd')).toBe(0n);
    });

    test('devices can’t be made, nothing mounted, and nobody traced outside', async () => {
      expect(await say('mknod /tmp/null c 1 3 2>/dev/null || echo refused')).toBe('refused');
      expect(await say('mount -t tmpfs none /tmp 2>/dev/null || echo refused')).toBe('refused');
      expect(await say('umount /proc/sys 2>/dev/null || echo refused')).toBe('refused');
      expect(await say('cat /proc/1/mem 2>/dev/null || echo refused')).toBe('refused');
      expect(await say('ls -A /proc/1/root/ 2>/dev/null || ls -A /')).toBe(await say('ls -A /'));
      expect(await say('ip link add x type dummy 2>/dev/null || echo refused')).toBe('refused');
    });

    test('the kernel’s settings can be read but not changed', async () => {
      expect(await say('cat /proc/sys/kernel/core_pattern >/dev/null && echo readable')).toBe('readable');
      for (const file of [
        '/proc/sys/kernel/core_pattern',
        '/proc/sys/vm/drop_caches',
        '/proc/sysrq-trigger',
      ]) {
        if (!existsSync(file)) continue;
        expect(await say(`(exec 3> ${file}) 2>/dev/null || echo refused`), file).toBe('refused');
      }
      expect(await say('cat /proc/timer_list /proc/keys /proc/kcore 2>/dev/null | wc -c')).toBe('0');
      expect(await say('ls /proc/acpi /proc/scsi 2>/dev/null | grep -v : | wc -w')).toBe('0');
    });

    test('/dev is minimal, and works', async () => {
      expect((await say('ls /dev')).split('\n').toSorted()).toEqual(
        [
          'core',
          'fd',
          'full',
          'null',
          'ptmx',
          'pts',
          'random',
          'shm',
          'stderr',
          'stdin',
          'stdout',
          'tty',
          'urandom',
          'zero',
        ].toSorted(),
      );
      expect(await say('echo x > /dev/shm/file && cat /dev/shm/file')).toBe('x');
      expect(await say('stat -c %a /dev/shm')).toBe('1777');
      expect(await say('script -qc "tty" /dev/null </dev/null | tr -d "\\r"')).toMatch(/^\/dev\/pts\/\d+$/);
    });

    test('standard output and error can be opened again by name', async () => {
      const { stdout, stderr } = await run('echo out > /dev/stdout; echo err > /dev/stderr; cat /dev/stdin', {
        identity,
        input: 'in\n',
      });
      expect({ stdout, stderr }).toEqual({ stdout: 'out\nin\n', stderr: 'err\n' });
    });

    test('/sys shows processors, read-only, and nothing else', async () => {
      expect(await say('ls /sys')).toBe('devices\nkernel');
      expect(await say('cat /sys/devices/system/cpu/online')).toBe(
        readFileSync('/sys/devices/system/cpu/online', 'utf8').trim(),
      );
      expect(await say('touch /sys/x 2>/dev/null || echo refused')).toBe('refused');
    });

    test('the environment is exactly what it should be', async () => {
      const { stdout } = await run('env', {
        identity,
        environment: { LC_ALL: 'C', ODD: 'a b\n"c"', SOURCE_DATE_EPOCH: '1' },
        workingDirectory: '/tmp',
      });
      const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
      expect(stdout.trim().split('\n').toSorted()).toEqual(
        [
          '"c"',
          `HOME=${identity === 'root' ? '/root' : '/nonexistent'}`,
          'LC_ALL=C',
          'ODD=a b',
          `PATH=${path}${identity === 'root' ? '' : ':/usr/games'}`,
          'PWD=/tmp',
          'SOURCE_DATE_EPOCH=1',
        ].toSorted(),
      );
    });

    test('umask and limits do not depend on who starts this', async () => {
      expect(await say('umask; ulimit -S -n; ulimit -c')).toBe('0022\n1024\n0');
    });
  });

  test('root of the root changes users, as installation needs', async () => {
    const { stdout } = await run(
      'setpriv --reuid=1000 --regid=1000 --clear-groups id -u; touch /tmp/f; chown 1000 /tmp/f; stat -c %u /tmp/f; chroot / id -u',
      { identity: 'root' },
    );
    expect(stdout).toBe('1000\n1000\n0\n');
  });

  test('binds: read-only unless said otherwise; a missing source is a sandbox that was not started', async () => {
    using other = makeTinyRoot();
    const source = join(other.directory, 'build');
    const readOnly = await run('touch /tmp/b/x || echo refused', {
      identity: 'root',
      binds: [{ source, target: '/tmp/b' }],
    });
    expect(readOnly.stdout).toBe('refused\n');
    await run('touch /tmp/b/x', { identity: 'root', binds: [{ source, target: '/tmp/b', writable: true }] });
    expect(readdirSync(source)).toEqual(['x']);
    const { end } = await run('true', { binds: [{ source: '/nonexistent/x', target: '/tmp/b' }] });
    expect(refusalOf(end)).toContain('/nonexistent/x');
  });

  test('what can’t be set up is not started, with a reason', async () => {
    const noRoot = await run('true', { root: '/nonexistent/root' });
    expect(refusalOf(noRoot.end)).toContain('/nonexistent/root');
    const noDirectory = await run('true', { workingDirectory: '/nonexistent' });
    expect(refusalOf(noDirectory.end)).toContain('/nonexistent');
  });

  test.each(['root', 'builder'] as const)(
    'a command that does not exist exits 127 for %s, as in a shell',
    async (identity) => {
      const { end } = await run('', { command: ['nosuchcommand'], identity });
      expect(end).toEqual({ kind: 'exited', exitCode: 127 });
    },
  );

  test('a link in the root can’t lead a bind outside', async () => {
    using victim = makeTinyRoot();
    const inside = join(root.directory, 'tmp/link');
    symlinkSync(victim.directory, inside);
    await run('true', { identity: 'root', binds: [{ source: '/usr', target: '/tmp/link/new' }] });
    expect(existsSync(join(victim.directory, 'new'))).toBe(false);
  });

  test('after 200 runs: no zombie, no descriptor, no cgroup', async () => {
    await run('true');
    const before = snapshotOfLeaks();
    for (let batch = 0; batch < 50; batch++) {
      const ends = ['true', 'exit 3', 'kill -9 $$', 'setsid -f sleep 600'].map((script) => run(script));
      await Promise.all(ends);
    }
    expect(snapshotOfLeaks()).toEqual(before);
  }, 120_000);

  test('many at once', async () => {
    const results = await Promise.all(Array.from({ length: 24 }, (_, index) => run(`echo ${index}`)));
    expect(results.map(({ stdout }) => stdout)).toEqual(results.map((_, index) => `${index}\n`));
  });

  describe('with a terminal', () => {
    const onTerminal = (command: readonly string[], typed = ''): string => {
      const driver = join(import.meta.dirname, '../support/terminal-driver.ts');
      const words = [process.execPath, driver, root.directory, ...command].map(
        (word) => `'${word.replaceAll("'", "'\\''")}'`,
      );
      const { stdout } = spawnSync('script', ['-qec', words.join(' '), '/dev/null'], {
        input: typed,
        encoding: 'utf8',
      });
      return stdout.replaceAll('\r', '');
    };

    test('the command has it, and ends as it ends', () => {
      expect(onTerminal(['sh', '-c', 'test -t 0 && test -t 1 && test -t 2 && echo all; exit 5'])).toBe(
        'all\n{"kind":"exited","exitCode":5}\n',
      );
    });

    test('an interactive shell controls its jobs', () => {
      const said = onTerminal(['bash', '--norc', '-i'], 'sleep 600 & \njobs\nkill %1\nexit 4\n');
      expect(said).toContain('Running');
      expect(said).not.toContain('no job control');
      expect(said).toMatch(/\{"kind":"exited","exitCode":4\}\n$/);
    });

    test('nothing can be typed into it from inside', () => {
      const push =
        'my $c = "x"; print ioctl(STDIN, 0x5412, $c) ? "pushed" : $!{EPERM} ? "refused" : "other: $!"';
      expect(onTerminal(['perl', '-MErrno', '-e', push])).toMatch(/^refused\{/);
    });
  });

  test('SIGKILL of this program leaves no process behind, whenever it comes', async () => {
    const driver = join(import.meta.dirname, '../support/sandbox-driver.ts');
    const mark = `61${process.pid}`;
    for (let round = 0; round < 24; round++) {
      const child = spawn(process.execPath, [driver, root.directory, mark], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      const exited = once(child, 'exit');
      setTimeout(() => child.kill('SIGKILL'), round * 2); // some point of a run, another one in each round
      expect(await exited).toEqual([null, 'SIGKILL']);
    }
    await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toEqual([]);
    await expect.poll(() => processesWith(root.directory), { timeout: 20_000 }).toEqual([]);
    await groups.sweep();
  }, 120_000);
});

const mebibyte = 1024 * 1024;

function commandOf(behaviour: Behaviour): readonly [string, ...string[]] {
  const words = (behaviour.says ?? []).map(
    ([stream, text]) => `printf %s '${text}'${stream === 'stderr' ? ' >&2' : ''}`,
  );
  const { after } = behaviour;
  const end =
    after === 'hang'
      ? 'exec sleep 600'
      : after === 'talk'
        ? 'while echo word; do sleep 0.01; done'
        : 'exit' in after
          ? `exit ${after.exit}`
          : `kill -${after.signal.slice(3)} $$`;
  return ['/bin/sh', '-c', [...words, end].join('\n')];
}

/** Allocates that many mebibytes, and keeps them. */
function allocate(mebibytes: number): string {
  return `perl -e 'my $x = "x" x (${mebibytes} << 20); sleep 600'`;
}

/** Runs until the output contains `word`, lets the next samples be taken, and cancels. */
async function untilSaid(
  word: string,
  run: (more: {
    readonly signal: AbortSignal;
    readonly onText: (text: string) => void;
    readonly upper: NonNullable<Parameters<Sandbox['run']>[0]['upper']>;
  }) => Promise<ShellResult>,
): Promise<ShellResult> {
  const controller = new AbortController();
  let hasSaid = false;
  let samplesAfter = 0;
  return run({
    signal: controller.signal,
    onText(text) {
      hasSaid ||= text.includes(word);
    },
    upper: {
      limitBytes: null,
      // Each sample asks the upper first: the one before the second question after the word is complete.
      async measure() {
        if (hasSaid && ++samplesAfter === 2) controller.abort();
        return { usedBytes: 0, freeBytes: 1e12 };
      },
    },
  });
}

function processesWith(text: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    })
    .filter((line) => line.includes(text) && !line.includes('vitest'));
}

function snapshotOfLeaks(): unknown {
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  const own = readFileSync('/proc/self/cgroup', 'utf8');
  const cgroups = spawnSync(
    'sh',
    ['-c', `ls -d /sys/fs/cgroup/*/paseka-${process.pid}-*/run-* 2>/dev/null`],
    { encoding: 'utf8' },
  );
  return { children, fds: readdirSync('/proc/self/fd').length, own, cgroups: cgroups.stdout };
}

function refusalOf(end: CommandEnd): string {
  return end.kind === 'not-started' ? end.message : JSON.stringify(end);
}

function bitCount(value: bigint): number {
  return value.toString(2).replaceAll('0', '').length;
}
