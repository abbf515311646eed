// SPDX-License-Identifier: GPL-2.0-or-later

export interface Pipeline<Item, Prepared> {
  readonly items: AsyncIterable<Item> | Iterable<Item>;
  /** Makes ready what `run` needs, ahead of it; undefined where the item is done with. */
  readonly prepare: (item: Item) => Promise<Prepared | undefined>;
  readonly run: (prepared: Prepared, worker: number) => Promise<void>;
  readonly workers: number;
  /** Most items that wait prepared, those that are being prepared counted. */
  readonly lookahead: number;
  /** When aborted, no further item is begun; those that run go on to their end. */
  readonly drain: AbortSignal;
}

/**
 * Prepares items in their order ahead of the workers, at most as many at once as there are workers, and runs the
 * prepared ones on the workers. Rejects with the first error of either, after all that was begun has ended.
 */
export async function runPipeline<Item, Prepared>(pipeline: Pipeline<Item, Prepared>): Promise<void> {
  const ready: Prepared[] = [];
  const errors: unknown[] = [];
  let isExhausted = false;
  let preparing = 0;
  let wake = Promise.withResolvers<void>();
  const changed = (): void => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  const isStopping = (): boolean => pipeline.drain.aborted || errors.length > 0;
  pipeline.drain.addEventListener('abort', changed, { once: true });

  const prepareNext = async (item: Item): Promise<void> => {
    preparing++;
    try {
      const prepared = await pipeline.prepare(item);
      if (prepared !== undefined) ready.push(prepared);
    } catch (error) {
      errors.push(error);
    } finally {
      preparing--;
      changed();
    }
  };
  const feed = async (): Promise<void> => {
    const hasRoom = (): boolean =>
      preparing < pipeline.workers && preparing + ready.length < pipeline.lookahead;
    try {
      for await (const item of pipeline.items) {
        while (!hasRoom() && !isStopping()) await wake.promise;
        if (isStopping()) break;
        void prepareNext(item);
      }
    } catch (error) {
      errors.push(error);
    }
    isExhausted = true;
    changed();
  };
  const work = async (worker: number): Promise<void> => {
    for (;;) {
      if (isStopping()) return;
      const prepared = ready.shift();
      if (prepared !== undefined) {
        changed();
        try {
          await pipeline.run(prepared, worker);
        } catch (error) {
          errors.push(error);
          changed();
        }
      } else if (preparing === 0 && isExhausted) {
        changed();
        return;
      } else {
        await wake.promise;
      }
    }
  };
  await Promise.all([feed(), ...Array.from({ length: pipeline.workers }, (_, worker) => work(worker))]);
  const isPreparing = (): boolean => preparing > 0;
  while (isPreparing()) await wake.promise;
  pipeline.drain.removeEventListener('abort', changed);
  if (errors.length > 0) throw errors[0];
}
