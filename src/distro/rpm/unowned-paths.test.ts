// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { CommandEnd, CommandRoot } from '../root.ts';
import { findUnownedPaths } from './unowned-paths.ts';

const answering = (output: string, end: CommandEnd): CommandRoot => ({
  run: () => Promise.resolve({ end, output, tail: '', wallMs: 0, cpuMs: 0 }),
});

test('a query that was interrupted says nothing of what is owned', async () => {
  const said = 'file /opt/wax is not owned by any package\n';
  const paths = ['/opt/wax', '/opt/comb'];
  const whole = answering(said, { kind: 'exited', exitCode: 0 });
  expect(await findUnownedPaths(whole, paths)).toEqual({ kind: 'found', paths: ['/opt/wax'] });
  const end = { kind: 'timed-out', limitMs: 1 } as const;
  expect(await findUnownedPaths(answering(said, end), paths)).toEqual({ kind: 'interrupted', end });
});
