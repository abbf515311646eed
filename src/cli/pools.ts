// SPDX-License-Identifier: GPL-2.0-or-later
import type { Distribution } from '../distro/distribution.ts';
import { Downloader } from '../host/download.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { Pool } from '../store/pool.ts';

/** The pool of a state directory, which each packaging system fills as its own tools reach their mirrors. */
export class Pools implements AsyncDisposable {
  readonly #state: StateDirectory;
  readonly #pools = new Map<Distribution, Promise<Pool>>();
  readonly #downloaders = new AsyncDisposableStack();

  constructor(state: StateDirectory) {
    this.#state = state;
  }

  /** Throws PasekaError as Distribution.downloadSettings does. */
  of(distribution: Distribution): Promise<Pool> {
    const known = this.#pools.get(distribution);
    if (known !== undefined) return known;
    const opened = this.#open(distribution);
    this.#pools.set(distribution, opened);
    return opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#downloaders.disposeAsync();
  }

  async #open(distribution: Distribution): Promise<Pool> {
    const settings = await distribution.downloadSettings();
    return new Pool(this.#state, this.#downloaders.use(new Downloader(settings)));
  }
}
