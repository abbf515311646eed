// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { isPasekaError } from '../base/paseka-error.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import type { RecordedEvent } from '../events/events.ts';
import { packLog } from '../host/log/pack-log.ts';

/** Packs the logs of attempts as they end, one after the other beside the builds: subscribe {@link read}. Disposing it waits. */
export class LogPacker implements AsyncDisposable {
  readonly #directory: string;
  #packing: Promise<void> = Promise.resolve();

  /** @param directory of the campaign. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  readonly read = (event: RecordedEvent, state: CampaignState): void => {
    if (event.type !== 'attempt-ended') return;
    const log = state.tasks.get(event.task)?.attempts.at(-1)?.log;
    if (log !== undefined) this.add(log);
  };

  /** A log that has ended, by its path below the campaign's directory. */
  add(log: string): void {
    this.#packing = this.#packing.then(() => pack(join(this.#directory, log)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#packing;
  }
}

async function pack(path: string): Promise<void> {
  try {
    await packLog(path);
  } catch (error) {
    // it stays as it is, whole, or is gone
    const isDisks = error instanceof Error && 'errno' in error;
    if (!isDisks && !isPasekaError(error, 'disk-full')) throw error;
  }
}
