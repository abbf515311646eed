// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openResourceGroups } from '../../src/host/cgroup.ts';
import type { ResourceGroups } from '../../src/host/resource-group.ts';
import { openBubblewrap } from '../../src/sandbox/bubblewrap.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { alsoAsOrdinaryUser } from '../support/as-user.ts';
import { requires } from '../support/capabilities.ts';
import { processesWith } from '../support/processes-with.ts';
import { runShell, type ShellResult } from '../support/shell-run.ts';
import { makeTinyRoot, type TinyRoot } from '../support/tiny-root.ts';

let root: TinyRoot;
beforeAll(() => {
  root = makeTinyRoot();
});
afterAll(() => root[Symbol.dispose]());
alsoAsOrdinaryUser(import.meta.filename);

requires('root', 'bubblewrap')('lifetime', () => {
  let groups: ResourceGroups;
  let sandbox: Sandbox;
  beforeAll(() => {
    groups = openResourceGroups();
    sandbox = openBubblewrap(groups);
  });
  afterAll(() => groups[Symbol.dispose]());
  const run = (script: string, more: Parameters<typeof runShell>[3] = {}): Promise<ShellResult> =>
    runShell(sandbox, root, script, more);

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
