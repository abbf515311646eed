// SPDX-License-Identifier: GPL-2.0-or-later

/** Which numbers each number points to: those of `i` from `starts[i]` to `starts[i + 1]` of `targets`. */
export interface Edges {
  readonly starts: Uint32Array;
  readonly targets: Uint32Array;
}

/**
 * The members with what they depend on before them, otherwise in the order given; what depends on itself by way of others
 * stands together. Edges that lead out of the members do not count. Tarjan's algorithm, without recursion; one value
 * serves many calls, each in time proportional to its members and their edges.
 */
export class DependencyOrder {
  readonly #edges: Edges;
  /** 0: no member; 1: not met yet; 2: on the stack; 3: done. */
  readonly #state: Uint8Array;
  readonly #found: Uint32Array;
  readonly #lowest: Uint32Array;
  readonly #next: Uint32Array;

  constructor(edges: Edges) {
    this.#edges = edges;
    const count = edges.starts.length - 1;
    this.#state = new Uint8Array(count);
    this.#found = new Uint32Array(count);
    this.#lowest = new Uint32Array(count);
    this.#next = new Uint32Array(count);
  }

  sort(members: ArrayLike<number>): number[] {
    const sorted: number[] = [];
    for (let index = 0; index < members.length; index++) this.#state[members[index] ?? 0] = 1;
    let met = 0;
    const open: number[] = [];
    for (let index = 0; index < members.length; index++) {
      const member = members[index] ?? 0;
      if (this.#state[member] === 1) met = this.#visit(member, met, open, sorted);
    }
    for (const member of sorted) this.#state[member] = 0;
    return sorted;
  }

  #visit(root: number, metBefore: number, open: number[], sorted: number[]): number {
    const path = [root];
    let met = this.#meet(root, metBefore, open);
    for (let at = root; ; ) {
      const next = this.#next[at] ?? 0;
      if (next < (this.#edges.starts[at + 1] ?? 0)) {
        this.#next[at] = next + 1;
        const target = this.#edges.targets[next] ?? 0;
        if (this.#state[target] === 1) {
          met = this.#meet(target, met, open);
          path.push(target);
          at = target;
        } else if (this.#state[target] === 2) this.#lower(at, this.#found[target] ?? 0);
        continue;
      }
      path.pop();
      if (this.#lowest[at] === this.#found[at]) this.#close(at, open, sorted);
      const parent = path.at(-1);
      if (parent === undefined) return met;
      this.#lower(parent, this.#lowest[at] ?? 0);
      at = parent;
    }
  }

  #meet(member: number, met: number, open: number[]): number {
    this.#state[member] = 2;
    this.#found[member] = met;
    this.#lowest[member] = met;
    this.#next[member] = this.#edges.starts[member] ?? 0;
    open.push(member);
    return met + 1;
  }

  #lower(member: number, to: number): void {
    if (to < (this.#lowest[member] ?? 0)) this.#lowest[member] = to;
  }

  /** A whole group is done: it goes out in the order in which it was met. */
  #close(first: number, open: number[], sorted: number[]): void {
    const group = open.splice(open.lastIndexOf(first));
    for (const member of group) {
      this.#state[member] = 3;
      sorted.push(member);
    }
  }
}
