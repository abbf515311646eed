// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, readdirSync, readFileSync, readlinkSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CommandEnd } from '../../src/distro/root.ts';
import { openResourceGroups } from '../../src/host/cgroup.ts';
import type { ResourceGroups } from '../../src/host/resource-group.ts';
import { openBubblewrap } from '../../src/sandbox/bubblewrap.ts';
import { installationCapabilities } from '../../src/sandbox/capabilities.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { alsoAsOrdinaryUser } from '../support/as-user.ts';
import { requires } from '../support/capabilities.ts';
import { runShell, type ShellResult } from '../support/shell-run.ts';
import { makeTinyRoot, type TinyRoot } from '../support/tiny-root.ts';

let root: TinyRoot;
beforeAll(() => {
  root = makeTinyRoot();
});
afterAll(() => root[Symbol.dispose]());
alsoAsOrdinaryUser(import.meta.filename);

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
});

function refusalOf(end: CommandEnd): string {
  return end.kind === 'not-started' ? end.message : JSON.stringify(end);
}

function bitCount(value: bigint): number {
  return value.toString(2).replaceAll('0', '').length;
}
