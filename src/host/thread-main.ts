// SPDX-License-Identifier: GPL-2.0-or-later
/** What a thread of {@link callInThread} runs. */
import { parentPort, workerData } from 'node:worker_threads';
import type { ThreadAnswer, ThreadCall } from './thread.ts';

const { module, name, argument } = workerData as ThreadCall;
let answer: ThreadAnswer;
try {
  const functions = (await import(module)) as Readonly<Record<string, (given: unknown) => unknown>>;
  answer = { result: functions[name]?.(argument) };
} catch (error) {
  answer = { error };
}
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- of a thread, not of a window
parentPort?.postMessage(answer);
