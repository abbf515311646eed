// SPDX-License-Identifier: GPL-2.0-or-later
import { joinedFacts, type LayerCostModel, type PackageFacts } from './cost-model.ts';
import { DependencyOrder } from './dependencies-first.ts';
import type { LayerPlanRequest } from './layer-plan.ts';
import { edgesOf } from './package-sets.ts';

/** A request in which what has to be installed at once is one package, and the way back. */
export interface JoinedRequest<Id> {
  readonly request: LayerPlanRequest<Id>;
  /** The packages that joined ones stand for, dependencies first. */
  apart(packages: readonly number[]): readonly number[];
}

/**
 * Makes one package of those of each group ({@link PackageFacts.atOnce}) that a task needs: then no layer has a part of
 * what a task has to install at once, and what several tasks need alike is still shared.
 */
export function joinAtOnce<Id>(request: LayerPlanRequest<Id>, model: LayerCostModel): JoinedRequest<Id> {
  const { packages, tasks, cached = [] } = request;
  if (packages.every(({ atOnce }) => atOnce === undefined)) return { request, apart: (given) => given };
  const sets = new JoinedSets(packages);
  const joinedTasks = tasks.map((task) => ({ ...task, packages: sets.join(task.packages) }));
  const joinedCached = cached.map((layer) => ({ ...layer, packages: sets.join(layer.packages) }));
  const order = new DependencyOrder(edgesOf(packages.length, (one) => packages[one]?.dependencies ?? []));
  return {
    request: {
      ...request,
      packages: sets.facts(model),
      tasks: joinedTasks,
      cached: joinedCached,
    },
    apart: (given) => order.sort(given.flatMap((one) => sets.membersOf(one))),
  };
}

/** Numbers for sets of packages of one group, beyond those of the packages. */
class JoinedSets {
  readonly #packages: readonly PackageFacts[];
  readonly #sets: (readonly number[])[] = [];
  readonly #numbers = new Map<string, number>();

  constructor(packages: readonly PackageFacts[]) {
    this.#packages = packages;
  }

  join(packages: ArrayLike<number>): number[] {
    const joined: number[] = [];
    const groups = new Map<string, Set<number>>();
    for (let index = 0; index < packages.length; index++) {
      const one = packages[index] ?? 0;
      const group = this.#packages[one]?.atOnce;
      if (group === undefined) joined.push(one);
      else groups.set(group, (groups.get(group) ?? new Set()).add(one));
    }
    for (const members of groups.values()) joined.push(this.#numberOf([...members].sort((a, b) => a - b)));
    return joined;
  }

  membersOf(one: number): readonly number[] {
    return this.#sets[one - this.#packages.length] ?? [one];
  }

  /** Of the packages and of the sets: each needs what its members need, and is needed where one of them is. */
  facts(model: LayerCostModel): PackageFacts[] {
    const setsWith = new Map<number, number[]>();
    for (const [index, members] of this.#sets.entries()) {
      const number = this.#packages.length + index;
      for (const one of members) setsWith.set(one, [...(setsWith.get(one) ?? []), number]);
    }
    const needs = (members: readonly number[], group: string | undefined): number[] => {
      const found = new Set<number>();
      for (const one of members) {
        for (const other of Array.from(this.#packages[one]?.dependencies ?? [])) {
          // of one group a task has one set
          const isOfGroup = group !== undefined && this.#packages[other]?.atOnce === group;
          if (isOfGroup && members.length > 1) continue;
          found.add(other);
          for (const set of setsWith.get(other) ?? []) found.add(set);
        }
      }
      return [...found];
    };
    return [
      ...this.#packages.map((facts, one) => ({ ...facts, dependencies: needs([one], facts.atOnce) })),
      ...this.#sets.map((members) => {
        const all = members.map((one) => this.#packages[one] as PackageFacts);
        return { ...joinedFacts(model, all), dependencies: needs(members, all[0]?.atOnce) };
      }),
    ];
  }

  #numberOf(members: readonly number[]): number {
    const [first = 0] = members;
    if (members.length === 1) return first;
    const key = members.join();
    const number = this.#numbers.get(key) ?? this.#packages.length + this.#sets.push(members) - 1;
    this.#numbers.set(key, number);
    return number;
  }
}
