// SPDX-License-Identifier: GPL-2.0-or-later
import { invariant } from '../../base/invariant.ts';
import { type LayerCostModel, type PackageFacts, packageWeight } from './cost-model.ts';
import { DependencyOrder, type Edges } from './dependencies-first.ts';
import { memberHash, sameMembers, weightOf } from './members.ts';

/**
 * The distinct sets of a campaign. A package is its *rank* here: the more tasks need it the lower, and of equals what is
 * depended on is the lower. Members are always ranks in ascending order, so that the last is the rarest.
 */
export interface PackageSets {
  /** Package by rank, and rank by package. */
  readonly packageOf: Uint32Array;
  readonly rankOf: Uint32Array;
  /** What each rank costs in a layer (cost-model.ts). */
  readonly weights: Float64Array;
  readonly dependencies: Edges;
  /** The distinct sets that are not empty: of set `i`, `members` from `starts[i]` to `starts[i + 1]`. */
  readonly sets: readonly Uint32Array[];
  readonly setWeights: Float64Array;
  /** The set of each task, or -1 where it is empty. */
  readonly setOfTask: Int32Array;
  /** Which sets have each rank, ascending: edges from rank to set. */
  readonly postings: Edges;
}

/** Throws InvariantError for a package that is not in the list. */
export function collectSets(
  packages: readonly PackageFacts[],
  tasks: readonly { readonly packages: ArrayLike<number> }[],
  model: LayerCostModel,
): PackageSets {
  const frequency = countTasks(packages.length, tasks);
  const packageOf = ranked(packages, frequency);
  const rankOf = new Uint32Array(packages.length);
  packageOf.forEach((one, rank) => {
    rankOf[one] = rank;
  });
  const weights = new Float64Array(packages.length);
  for (const [one, facts] of packages.entries()) weights[rankOf[one] ?? 0] = packageWeight(model, facts);
  const sets: Uint32Array[] = [];
  const setOfTask = new Int32Array(tasks.length).fill(-1);
  const known = new Map<number, number[]>();
  for (const [task, { packages: wanted }] of tasks.entries()) {
    if (wanted.length === 0) continue;
    const members = membersOf(wanted, rankOf);
    const hash = memberHash(members);
    const alike = known.get(hash) ?? [];
    let set = alike.find((other) => sameMembers(sets[other] ?? [], members));
    if (set === undefined) {
      set = sets.push(members) - 1;
      known.set(hash, [...alike, set]);
    }
    setOfTask[task] = set;
  }
  return {
    packageOf,
    rankOf,
    weights,
    dependencies: edgesOf(packages.length, (rank) =>
      Array.from(packages[packageOf[rank] ?? 0]?.dependencies ?? [], (one) => rankOf[one] ?? 0),
    ),
    sets,
    setWeights: Float64Array.from(sets, (members) => weightOf(members, weights)),
    setOfTask,
    postings: postingsOf(sets, packages.length),
  };
}

/** The ranks of packages, ascending, each once. Throws InvariantError for a package that is not in the list. */
export function membersOf(packages: ArrayLike<number>, rankOf: Uint32Array): Uint32Array {
  const members = new Uint32Array(packages.length);
  for (let index = 0; index < packages.length; index++) {
    const rank = rankOf[packages[index] ?? -1];
    invariant(rank !== undefined, 'a set has only packages of the list');
    members[index] = rank;
  }
  members.sort();
  let kept = 0;
  for (const member of members) if (kept === 0 || member !== members[kept - 1]) members[kept++] = member;
  return members.slice(0, kept);
}

function countTasks(
  packageCount: number,
  tasks: readonly { readonly packages: ArrayLike<number> }[],
): Uint32Array {
  const counts = new Uint32Array(packageCount);
  for (const { packages } of tasks) {
    for (let index = 0; index < packages.length; index++) {
      const one = packages[index] ?? 0;
      counts[one] = (counts[one] ?? 0) + 1;
    }
  }
  return counts;
}

function ranked(packages: readonly PackageFacts[], frequency: Uint32Array): Uint32Array {
  const edges = edgesOf(packages.length, (one) => packages[one]?.dependencies ?? []);
  const place = new Uint32Array(packages.length);
  for (const [index, one] of new DependencyOrder(edges).sort(packages.map((_, one) => one)).entries()) {
    place[one] = index;
  }
  return Uint32Array.from(packages.keys()).sort(
    (a, b) => (frequency[b] ?? 0) - (frequency[a] ?? 0) || (place[a] ?? 0) - (place[b] ?? 0),
  );
}

/** What each of `count` numbers points to. */
export function edgesOf(count: number, targetsOf: (from: number) => ArrayLike<number>): Edges {
  const starts = new Uint32Array(count + 1);
  for (let from = 0; from < count; from++) starts[from + 1] = (starts[from] ?? 0) + targetsOf(from).length;
  const targets = new Uint32Array(starts[count] ?? 0);
  for (let from = 0; from < count; from++) targets.set(targetsOf(from), starts[from]);
  return { starts, targets };
}

/** Which sets have each rank, ascending. */
export function postingsOf(sets: readonly Uint32Array[], rankCount: number): Edges {
  const starts = new Uint32Array(rankCount + 1);
  for (const members of sets) for (const rank of members) starts[rank + 1] = (starts[rank + 1] ?? 0) + 1;
  for (let rank = 0; rank < rankCount; rank++)
    starts[rank + 1] = (starts[rank + 1] ?? 0) + (starts[rank] ?? 0);
  const targets = new Uint32Array(starts[rankCount] ?? 0);
  const next = starts.slice();
  for (const [set, members] of sets.entries()) {
    for (const rank of members) {
      const at = next[rank] ?? 0;
      targets[at] = set;
      next[rank] = at + 1;
    }
  }
  return { starts, targets };
}
