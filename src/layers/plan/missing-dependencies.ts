// SPDX-License-Identifier: GPL-2.0-or-later
import type { Edges } from './dependencies-first.ts';

/** Finds dependencies that lead out of a set; one value serves many calls. */
export class MissingDependencies {
  readonly #edges: Edges;
  /** 1: within; 2: missing. All 0 between calls. */
  readonly #marks: Uint8Array;

  constructor(edges: Edges) {
    this.#edges = edges;
    this.#marks = new Uint8Array(edges.starts.length - 1);
  }

  /** What members depend on and that is not within, each once. */
  find(members: Uint32Array): number[] {
    const { starts, targets } = this.#edges;
    const missing: number[] = [];
    for (const rank of members) this.#marks[rank] = 1;
    for (const rank of members) {
      const end = starts[rank + 1] ?? 0;
      for (let index = starts[rank] ?? 0; index < end; index++) {
        const target = targets[index] ?? 0;
        if (this.#marks[target] !== 0) continue;
        this.#marks[target] = 2;
        missing.push(target);
      }
    }
    for (const rank of members) this.#marks[rank] = 0;
    for (const rank of missing) this.#marks[rank] = 0;
    return missing;
  }

  /** The members without those that depend, also by way of others, on something that matters and is not within. */
  closedPart(members: Uint32Array, matters: (rank: number) => boolean): Uint32Array {
    for (const rank of members) this.#marks[rank] = 1;
    let kept = members;
    for (;;) {
      const closed = kept.filter((rank) => this.#isClosed(rank, matters));
      if (closed.length === kept.length) break;
      for (const rank of kept) this.#marks[rank] = 0;
      for (const rank of closed) this.#marks[rank] = 1;
      kept = closed;
    }
    for (const rank of kept) this.#marks[rank] = 0;
    return kept;
  }

  #isClosed(rank: number, matters: (rank: number) => boolean): boolean {
    const { starts, targets } = this.#edges;
    const end = starts[rank + 1] ?? 0;
    for (let index = starts[rank] ?? 0; index < end; index++) {
      const target = targets[index] ?? 0;
      if (this.#marks[target] === 0 && matters(target)) return false;
    }
    return true;
  }
}
