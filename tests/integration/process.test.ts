// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ProcessRequest, runProcess, startProcess } from '../../src/host/process.ts';
import { requires } from '../support/capabilities.ts';
import { processesWith } from '../support/processes-with.ts';

const environment = { PATH: '/usr/local/bin:/usr/bin:/bin' };
const sh = (script: string, more: Partial<ProcessRequest> = {}): ProcessRequest => ({
  command: ['/bin/sh', '-c', script],
  environment,
  ...more,
});

describe('how a command ends', () => {
  test('exit, signal and failure to start are told apart', async () => {
    expect((await runProcess(sh('exit 3'))).end).toEqual({ kind: 'exited', exitCode: 3 });
    expect((await runProcess(sh('kill -SEGV $$'))).end).toEqual({ kind: 'signalled', signal: 'SIGSEGV' });
    const missing = await runProcess({ command: ['/nonexistent/command'], environment });
    expect(missing.end).toEqual({ kind: 'not-started', errno: 'ENOENT' });
    const noDirectory = await runProcess(sh('true', { workingDirectory: '/nonexistent' }));
    expect(noDirectory.end).toEqual({ kind: 'not-started', errno: 'ENOENT' });
    const notADirectory = await runProcess(sh('true', { workingDirectory: '/etc/passwd' }));
    expect(notADirectory.end).toEqual({ kind: 'not-started', errno: 'ENOTDIR' });
    const tooLong = await runProcess({ command: ['/bin/true', 'x'.repeat(1 << 20)], environment });
    expect(tooLong.end).toEqual({ kind: 'not-started', errno: 'E2BIG' });
  });

  test('a signal that was aborted before starts nothing', async () => {
    const { end, stdout } = await runProcess(sh('echo x', { signal: AbortSignal.abort() }));
    expect({ end, stdout }).toEqual({ end: { kind: 'cancelled' }, stdout: '' });
  });

  test('an abort is a cancellation, however the command takes it', async () => {
    for (const script of [
      'echo begun; sleep 600',
      'trap "exit 0" TERM; echo begun; while :; do sleep 0.01; done',
    ]) {
      const controller = new AbortController();
      const { end } = await runProcess(
        sh(script, { signal: controller.signal, graceMs: 10_000, onOutput: () => controller.abort() }),
      );
      expect(end).toEqual({ kind: 'cancelled' });
    }
  });

  test('a time-out kills, after the grace period where one is given', async () => {
    expect((await runProcess(sh('sleep 600', { timeoutMs: 50 }))).end).toEqual({ kind: 'timed-out' });
    const deaf = sh('trap "echo heard" TERM; while :; do sleep 0.01; done', { timeoutMs: 200, graceMs: 200 });
    const { end, stdout } = await runProcess(deaf);
    expect({ end, stdout }).toEqual({ end: { kind: 'timed-out' }, stdout: 'heard\n' });
  });

  test('a caller may kill it, and may do so after its end', async () => {
    const running = startProcess(sh('sleep 600'));
    running.kill();
    expect((await running.ended).end).toEqual({ kind: 'signalled', signal: 'SIGKILL' });
    running.kill();
  });
});

describe('input and output', () => {
  test('the environment is exactly the given one', async () => {
    expect((await runProcess({ command: ['/usr/bin/env'], environment: { A: '1' } })).stdout).toBe('A=1\n');
  });

  test('input reaches the command; one that does not read it is no error', async () => {
    const text = 'ä'.repeat(200_000);
    expect((await runProcess({ command: ['cat'], environment, input: text })).stdout).toBe(text);
    expect((await runProcess(sh('exit 0', { input: text }))).end).toEqual({ kind: 'exited', exitCode: 0 });
    expect((await runProcess(sh('cat'))).stdout).toBe('');
  });

  test('outputs are pipes, which can be opened again by name', async () => {
    const { stdout, stderr } = await runProcess(
      sh('echo a > /dev/stdout; echo b > /dev/stderr; cat /dev/stdin', { input: 'c' }),
    );
    expect({ stdout, stderr }).toEqual({ stdout: 'a\nc', stderr: 'b\n' });
  });

  test('outputs by one pipe keep their order', async () => {
    const script = 'for i in $(seq 300); do echo "says $i"; echo "warns of $i" >&2; done';
    const { stdout, stderr } = await runProcess(sh(script, { inOrder: true }));
    const lines = Array.from({ length: 300 }, (_, place) => `says ${place + 1}\nwarns of ${place + 1}\n`);
    expect(stdout).toBe(lines.join(''));
    expect(stderr).toBe('');
  });

  test('what is kept is bounded, what is streamed is not; all of it has come at the end', async () => {
    let streamed = 0;
    const { stdout } = await runProcess(
      sh('head -c 3000000 /dev/zero | tr "\\0" x', {
        captureBytes: 10,
        onOutput: (chunk) => (streamed += chunk.length),
      }),
    );
    expect(stdout).toBe('xxxxxxxxxx');
    expect(streamed).toBe(3_000_000);
  });

  test('extra descriptors: a conversation, a file, and data', async () => {
    const heard: string[] = [];
    const { stdout } = await runProcess(
      sh('echo question >&3; read -r answer <&3; echo $answer; cat <&5; echo discarded >&4', {
        extraFds: [
          {
            kind: 'channel',
            onText(text, reply) {
              heard.push(text);
              reply('answer\n');
            },
          },
          { kind: 'file', path: '/dev/null' },
          { kind: 'data', bytes: Buffer.from('data\n') },
        ],
      }),
    );
    expect({ heard, stdout }).toEqual({ heard: ['question\n'], stdout: 'answer\ndata\n' });
  });

  test('an extra file that is not there is a failure to start', async () => {
    const { end } = await runProcess(sh('true', { extraFds: [{ kind: 'file', path: '/nonexistent/file' }] }));
    expect(end).toEqual({ kind: 'not-started', errno: 'ENOENT' });
  });
});

describe('leftovers', () => {
  test('what is left of the group is killed, and does not delay the end', async () => {
    const { end, stdout } = await runProcess(sh('sleep 600 & echo $!'));
    expect(end).toEqual({ kind: 'exited', exitCode: 0 });
    await expect.poll(() => isRunning(Number(stdout))).toBe(false);
  });

  test('a daemon that holds the output open does not delay the end for ever', async () => {
    const { end, stdout } = await runProcess(sh('setsid -f sleep 600; pgrep -n -f "^sleep 600"'));
    expect(end.kind).toBe('exited');
    process.kill(Number(stdout), 'SIGKILL');
  });

  test('no descriptor and no zombie is left after many runs of all sorts', async () => {
    await runProcess(sh('true'));
    const before = snapshotOfLeaks();
    for (let count = 0; count < 50; count++) {
      await Promise.all([
        runProcess(sh('cat', { input: 'text' })),
        runProcess(sh('exit 1')),
        runProcess({ command: ['/nonexistent'], environment, input: 'text' }),
        runProcess(sh('true', { workingDirectory: '/etc/passwd', input: 'text' })),
        runProcess(
          sh('read x <&3', { extraFds: [{ kind: 'channel', onText: () => undefined }], timeoutMs: 20 }),
        ),
        runProcess(sh('true', { extraFds: [{ kind: 'data', bytes: Buffer.from('x') }] })),
      ]);
    }
    expect(snapshotOfLeaks()).toEqual(before);
  });
});

requires('root')('contained', () => {
  const contained = (script: string, more: Partial<ProcessRequest> = {}): ProcessRequest =>
    sh(script, { contained: true, ...more });

  test('exit, signal and output are the command’s', async () => {
    expect(await runProcess(contained('echo out; echo err >&2; exit 3'))).toMatchObject({
      end: { kind: 'exited', exitCode: 3 },
      stdout: 'out\n',
      stderr: 'err\n',
    });
    expect((await runProcess(contained('kill -SEGV $$'))).end).toEqual({
      kind: 'signalled',
      signal: 'SIGSEGV',
    });
    expect((await runProcess(contained('cat', { input: 'text' }))).stdout).toBe('text');
  });

  test('it sees only its own processes', async () => {
    const { stdout } = await runProcess(contained('cat /proc/1/comm; echo $$'));
    expect(stdout).toMatch(/^sh\n[2-9]\n$/);
  });

  test('a polite signal reaches the command', async () => {
    const controller = new AbortController();
    const { end, stdout } = await runProcess(
      contained('trap "echo heard; exit" TERM; echo begun; while :; do sleep 0.01; done', {
        signal: controller.signal,
        graceMs: 60_000,
        onOutput: () => controller.abort(),
      }),
    );
    expect({ end, stdout }).toEqual({ end: { kind: 'cancelled' }, stdout: 'begun\nheard\n' });
  });

  test.each(['end', 'kill', 'cancel'] as const)('daemons are dead after its %s', async (how) => {
    const mark = `62${process.pid}${how.length}`;
    const controller = new AbortController();
    const running = startProcess(
      contained(
        `setsid -f sleep ${mark} >/dev/null 2>&1; setsid -f sh -c 'sleep ${mark}'; echo begun; ${how === 'end' ? '' : 'sleep 600'}`,
        {
          signal: controller.signal,
          onOutput() {
            if (how === 'kill') running.kill();
            if (how === 'cancel') controller.abort();
          },
        },
      ),
    );
    const { end } = await running.ended;
    expect(end.kind).toBe({ end: 'exited', kill: 'signalled', cancel: 'cancelled' }[how]);
    expect(processesWith(mark)).toEqual([]);
  });

  test('SIGKILL of this program ends it with all its descendants', async () => {
    const mark = `63${process.pid}`;
    const driver = join(import.meta.dirname, '../support/contained-driver.ts');
    for (let round = 0; round < 8; round++) {
      const child = spawn(process.execPath, [driver, mark], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      const exited = once(child, 'exit');
      setTimeout(() => child.kill('SIGKILL'), round * 2);
      await exited;
    }
    await expect.poll(() => processesWith(mark), { timeout: 20_000 }).toEqual([]);
  });
});

function isRunning(pid: number): boolean {
  try {
    return !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function snapshotOfLeaks(): unknown {
  return {
    children: readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8'),
    fds: readdirSync('/proc/self/fd').length,
  };
}
