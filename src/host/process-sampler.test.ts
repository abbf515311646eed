// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parseMemoryStatus } from './process-sampler.ts';

test('memory and threads from a status file; a kernel thread has no memory', () => {
  const status =
    'Name:\tRssAnon:\nVmRSS:\t  40 kB\nRssAnon:\t      16 kB\nRssFile:\t  20 kB\nRssShmem:\t 4 kB\nThreads:\t3\n';
  expect(parseMemoryStatus(status)).toEqual({ anonymousBytes: 16 * 1024, sharedBytes: 4 * 1024, threads: 3 });
  expect(parseMemoryStatus('Name:\tkthreadd\nThreads:\t1\n')).toEqual({
    anonymousBytes: 0,
    sharedBytes: 0,
    threads: 1,
  });
});
