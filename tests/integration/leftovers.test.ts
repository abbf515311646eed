// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { requires } from '../support/capabilities.ts';
import { findLeftovers, findTraces } from '../support/leftovers.ts';

test('a clean directory has no leftovers', async () => {
  expect(await findLeftovers(tmpdir(), findTraces(tmpdir()), 0)).toEqual([]);
});

test('a temporary directory that stays is found', async () => {
  const before = findTraces(tmpdir());
  const directory = mkdtempSync(`${tmpdir()}/forgotten-`);
  expect(await findLeftovers(tmpdir(), before, 0)).toEqual([`directories: ${directory}`]);
  rmdirSync(directory);
});

test('a child that stays is found, and waited for', async () => {
  const before = findTraces(tmpdir());
  const child = spawn('sleep', ['600']);
  await once(child, 'spawn');
  expect(await findLeftovers(tmpdir(), before, 0)).toEqual([`processes: ${child.pid} sleep 600`]);
  const left = findLeftovers(tmpdir(), before, 60_000);
  child.kill();
  expect(await left).toEqual([]);
});

requires('root')('in a mount namespace of its own', () => {
  test('an orphan that only its mounts give away is found', async () => {
    const before = findTraces(tmpdir());
    const script = `mount -t tmpfs none "$0" && exec setsid -f sh -c 'echo $$; cd /; exec sleep 600'`;
    const directory = mkdtempSync(`${tmpdir()}/mounted-`);
    const child = spawn('unshare', ['--mount', 'sh', '-c', script, directory]);
    const [[pid]] = (await Promise.all([once(child.stdout, 'data'), once(child, 'exit')])) as [
      [Buffer],
      unknown,
    ];
    const left = await findLeftovers(tmpdir(), before, 0);
    process.kill(Number(pid));
    rmdirSync(directory);
    expect(left).toEqual([
      expect.stringMatching(`^processes: ${Number(pid)} .*sleep 600`),
      `directories: ${directory}`,
    ]);
  });
});
