// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'project-'));
});

afterEach(() => {
  rmSync(project, { recursive: true });
});

test('the last line sums all files, and a pass is exit status 0', () => {
  writeTest('one', "test('a', () => {}); test('b', ({ skip }) => skip());");
  writeTest('two', "test('c', () => {});");
  expect(runTests()).toEqual({ status: 0, lastLine: '2 passed, 0 failed, 1 skipped' });
});

test('a failed test, and a file that fails outside its tests, are failures', () => {
  writeTest('fails', "test('a', () => { expect(1).toBe(2); });");
  writeTest('breaks', "throw new Error('outside')");
  writeTest('passes', "test('c', () => {}); afterAll(() => { throw new Error('afterwards'); });");
  expect(runTests()).toEqual({ status: 1, lastLine: '1 passed, 3 failed, 0 skipped' });
});

test('a runner that dies is a failure', () => {
  writeTest('dies', "test('a', () => { process.kill(process.ppid, 'SIGKILL'); });");
  expect(runTests()).toEqual({ status: 1, lastLine: '0 passed, 1 failed, 0 skipped' });
});

test('no test at all is not a success', () => {
  expect(runTests().status).toBe(1);
});

test('a gate that failed is a failure', () => {
  writeTest('one', "test('a', () => {});");
  expect(runTests('--gate-failed')).toEqual({ status: 1, lastLine: '1 passed, 1 failed, 0 skipped' });
});

function writeTest(name: string, body: string): void {
  writeFileSync(join(project, `${name}.test.ts`), body);
}

function runTests(...flags: readonly string[]): { status: number | null; lastLine: string | undefined } {
  const script = join(import.meta.dirname, '../../script/run-tests.ts');
  const args = [script, ...flags, '--root', project, '--globals', '--pool=forks'];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
}
