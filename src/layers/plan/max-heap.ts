// SPDX-License-Identifier: GPL-2.0-or-later

/** Numbered items by a key, the largest key first, of equal keys the lower number. */
export class MaxHeap {
  readonly #items: number[] = [];
  readonly #keys: number[] = [];

  /** The largest key; -Infinity where there is none. */
  get largest(): number {
    return this.#keys[0] ?? Number.NEGATIVE_INFINITY;
  }

  push(item: number, key: number): void {
    let at = this.#items.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(item, key, parent)) break;
      this.#move(parent, at);
      at = parent;
    }
    this.#items[at] = item;
    this.#keys[at] = key;
  }

  pop(): number | undefined {
    const first = this.#items[0];
    const item = this.#items.pop();
    const key = this.#keys.pop();
    const count = this.#items.length;
    if (item === undefined || key === undefined || count === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= count) break;
      const other = child + 1;
      if (other < count && this.#isBefore(this.#items[other] ?? 0, this.#keys[other] ?? 0, child))
        child = other;
      if (this.#isBefore(item, key, child)) break;
      this.#move(child, at);
      at = child;
    }
    this.#items[at] = item;
    this.#keys[at] = key;
    return first;
  }

  #isBefore(item: number, key: number, at: number): boolean {
    const other = this.#keys[at] ?? 0;
    return key > other || (key === other && item < (this.#items[at] ?? 0));
  }

  #move(from: number, to: number): void {
    this.#items[to] = this.#items[from] ?? 0;
    this.#keys[to] = this.#keys[from] ?? 0;
  }
}
