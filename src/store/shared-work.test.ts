// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { SharedWork } from './shared-work.ts';

interface Job {
  readonly signal: AbortSignal;
  readonly finish: (result: string) => void;
  readonly fail: (error: Error) => void;
}

function setUp() {
  const shared = new SharedWork<string, string>();
  const jobs: Job[] = [];
  const ask = (signal?: AbortSignal): Promise<string> =>
    shared.do('key', signal, (own) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      jobs.push({ signal: own, finish: resolve, fail: reject });
      return promise;
    });
  return { ask, jobs };
}

test('two callers at once share the work, a later one starts it anew', async () => {
  const { ask, jobs } = setUp();
  const both = Promise.all([ask(), ask()]);
  expect(jobs).toHaveLength(1);
  jobs[0]?.finish('first');
  expect(await both).toEqual(['first', 'first']);
  const later = ask();
  jobs[1]?.finish('second');
  expect(await later).toBe('second');
});

test('all callers see the failure, and the next one tries again', async () => {
  const { ask, jobs } = setUp();
  const both = Promise.allSettled([ask(), ask()]);
  jobs[0]?.fail(new Error('broken'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const again = ask();
  jobs[1]?.finish('mended');
  expect(await again).toBe('mended');
});

test('the work goes on while somebody waits, and is cancelled after the last', async () => {
  const { ask, jobs } = setUp();
  const [one, two] = [new AbortController(), new AbortController()];
  const first = ask(one.signal);
  const second = ask(two.signal);
  one.abort();
  await expect(first).rejects.toMatchObject({ code: 'cancelled' });
  expect(jobs[0]?.signal.aborted).toBe(false);
  two.abort();
  await expect(second).rejects.toMatchObject({ code: 'cancelled' });
  expect(jobs[0]?.signal.aborted).toBe(true);
});

test('who is cancelled already starts nothing', async () => {
  const { ask, jobs } = setUp();
  await expect(ask(AbortSignal.abort())).rejects.toMatchObject({ code: 'cancelled' });
  expect(jobs).toHaveLength(0);
});
