// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../base/paseka-error.ts';

interface Entry<Result> {
  readonly result: Promise<Result>;
  readonly abort: AbortController;
  waiting: number;
}

/**
 * Work that several callers may ask for at once under one key: it is done once, and all get its result. A caller that
 * is cancelled stops waiting; the work itself is cancelled when the last one has.
 */
export class SharedWork<Key, Result> {
  readonly #entries = new Map<Key, Entry<Result>>();

  /** Whether somebody waits for work under this key. */
  has(key: Key): boolean {
    return this.#entries.has(key);
  }

  /** Throws PasekaError cancelled where `signal` is aborted first, else what the work throws. */
  async do(
    key: Key,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    if (signal?.aborted === true) throw cancelled();
    const entry = this.#entries.get(key) ?? this.#start(key, work);
    entry.waiting++;
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const onAbort = (): void => reject(cancelled());
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([entry.result, aborted]);
    } finally {
      signal?.removeEventListener('abort', onAbort);
      entry.waiting--;
      if (entry.waiting === 0) {
        if (this.#entries.get(key) === entry) this.#entries.delete(key);
        entry.abort.abort();
      }
    }
  }

  #start(key: Key, work: (signal: AbortSignal) => Promise<Result>): Entry<Result> {
    const abort = new AbortController();
    const entry: Entry<Result> = { result: work(abort.signal), abort, waiting: 0 };
    entry.result.catch(() => undefined); // whoever waits sees it; perhaps nobody does any more
    this.#entries.set(key, entry);
    return entry;
  }
}

function cancelled(): PasekaError {
  return new PasekaError('cancelled', 'fetching was cancelled', 'run the same command again');
}
