// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { PasekaError } from '../base/paseka-error.ts';
import type { Buildroot } from '../buildroot/buildroot.ts';
import { FakeSandbox } from '../sandbox/fake-sandbox.ts';
import { makeTaskRoot } from './task-root.ts';
import { UsageMeter } from './usage-meter.ts';

const buildroot: Buildroot = {
  directory: '/root',
  place: 'tmpfs',
  limitBytes: null,
  measure: async () => ({ usedBytes: 0, freeBytes: 1e9 }),
  writtenPaths: async () => [],
  addedPaths: async () => [],
  [Symbol.asyncDispose]: async () => undefined,
};

test('a log that can’t be written stops the command, and is its end', async () => {
  const full = new PasekaError('disk-full', 'no space left for the log', 'free some space');
  const sandbox = new FakeSandbox();
  const root = makeTaskRoot({
    buildroot,
    sandbox,
    log: {
      line: () => undefined,
      output() {
        throw full;
      },
    },
    limits: {},
    now: () => 0,
    usage: new UsageMeter(),
    signal: new AbortController().signal,
  });
  const running = root.run({ command: ['talk'], identity: 'builder', output: 'log' });
  const command = await sandbox.started();
  command.write('first\n');
  command.write('second\n');
  // a log tells what was said in order; what is captured is told apart
  expect(command.request.output).toMatchObject({ kind: 'stream', inOrder: true });
  expect((await command.ended).end).toEqual({ kind: 'cancelled' });
  await expect(running).rejects.toBe(full);
});
