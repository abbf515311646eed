// SPDX-License-Identifier: GPL-2.0-or-later
import { Worker } from 'node:worker_threads';

/** What the thread is told to do; its answer is {@link ThreadAnswer}. */
export interface ThreadCall {
  readonly module: string;
  readonly name: string;
  readonly argument: unknown;
}

export type ThreadAnswer = { readonly result: unknown } | { readonly error: unknown };

/**
 * Calls a function that a module exports in a thread of its own, for pure work that would stand in the way of everything
 * else: argument and result are copied (structured clone). Some 50 ms more than the work itself. What the function throws is
 * thrown here, as a copy.
 */
export async function callInThread(module: URL, name: string, argument: unknown): Promise<unknown> {
  const call: ThreadCall = { module: module.href, name, argument };
  const worker = new Worker(new URL('./thread-main.ts', import.meta.url), { workerData: call });
  try {
    const answer = await new Promise<ThreadAnswer>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`a thread for ${name} ended with ${code}`)));
    });
    if ('error' in answer) throw answer.error;
    return answer.result;
  } finally {
    await worker.terminate();
  }
}
