// SPDX-License-Identifier: GPL-2.0-or-later
import type { Memory } from './functions.ts';
import { queueBytes, queueElements } from './layout.ts';
import { libsolv } from './library.ts';

/** Lets a call fill a `Queue`; its numbers. */
export function filled(call: (queue: Memory) => void): number[] {
  using queue = new IdQueue();
  call(queue.memory);
  return queueElements(queue.memory);
}

/** A `Queue` of libsolv with these numbers, as long as it is not disposed. */
export class IdQueue implements Disposable {
  readonly memory: Memory = new Uint8Array(new ArrayBuffer(queueBytes));

  constructor(ids: readonly number[] = []) {
    if (ids.length > 0) libsolv().queue_insertn(this.memory, 0, ids.length, Int32Array.from(ids));
  }

  [Symbol.dispose](): void {
    libsolv().queue_free(this.memory);
  }
}
