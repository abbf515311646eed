// SPDX-License-Identifier: GPL-2.0-or-later
import { DependencyOrder } from './dependencies-first.ts';
import type { LayerPlan, PlannedLayer, PlannedTask } from './layer-plan.ts';
import type { LayerTree } from './layer-tree.ts';
import type { PackageSets } from './package-sets.ts';

type WalkedLayer<Id> = Omit<PlannedLayer<Id>, 'diskBytes'>;

/** A layer while its subtree is walked; `above` are nodes in the sense of {@link nodesOf}. */
interface Node<Id> {
  readonly members: Uint32Array;
  readonly parent: number;
  readonly cached: number;
  readonly level: number;
  readonly above: number[];
  readonly tasks: Id[];
  /** Tasks of it and of all above. */
  taskCount: number;
}

/**
 * The layers and tasks of a tree, depth first: a layer's own tasks, then what lies over it, the part with most tasks
 * first. One branch after the other is needed, so few layers at a time.
 */
export function walkTree<Id>(
  all: PackageSets,
  tree: LayerTree,
  tasks: readonly PlannedTask<Id>[],
): { layers: WalkedLayer<Id>[]; order: LayerPlan<Id>['order'] } {
  const nodes = nodesOf(all, tree, tasks);
  const order: { task: Id; layer: number | null }[] = [];
  for (const [index, { id }] of tasks.entries()) {
    if (all.setOfTask[index] === -1) order.push({ task: id, layer: null });
  }
  const layers: (WalkedLayer<Id> & { lastNeeded: number })[] = [];
  const dependencyOrder = new DependencyOrder(all.dependencies);
  const visit = (node: Node<Id>, parent: number | null): void => {
    const below = new Set(parent === null ? [] : nodes[node.parent]?.members);
    const added = node.members.filter((rank) => !below.has(rank));
    const layer = {
      id: layers.length,
      parent,
      packages: dependencyOrder.sort(added).map((rank) => all.packageOf[rank] ?? 0),
      tasks: node.tasks,
      cached: node.cached < 0 ? null : node.cached,
      depth: node.cached >= 0 ? node.level : (parent === null ? 0 : (layers[parent]?.depth ?? 0)) + 1,
      firstNeeded: order.length,
      lastNeeded: order.length,
    };
    layers.push(layer);
    for (const task of node.tasks) order.push({ task, layer: layer.id });
    for (const next of sortedBySize(nodes, node.above)) visit(next, layer.id);
    layer.lastNeeded = order.length - 1;
  };
  const roots = [...nodes.keys()].filter((index) => nodes[index]?.parent === -1);
  for (const root of sortedBySize(nodes, roots)) visit(root, null);
  return { layers, order };
}

/** The tree's layers, then one for each set that needs a layer of its own. */
function nodesOf<Id>(all: PackageSets, tree: LayerTree, tasks: readonly PlannedTask<Id>[]): Node<Id>[] {
  const nodes = tree.layers.map(({ members, cached, level }, index): Node<Id> => {
    const parent = tree.parentOfLayer[index] ?? -1;
    return { members, parent, cached, level, above: [], tasks: [], taskCount: 0 };
  });
  const nodeOfSet = all.sets.map((members, set): number => {
    const parent = tree.parentOfSet[set] ?? -1;
    if (nodes[parent]?.members.length === members.length) return parent;
    return nodes.push({ members, parent, cached: -1, level: 0, above: [], tasks: [], taskCount: 0 }) - 1;
  });
  for (const [index, { parent }] of nodes.entries()) nodes[parent]?.above.push(index);
  for (const [index, { id }] of tasks.entries()) {
    const at = nodeOfSet[all.setOfTask[index] ?? -1] ?? -1;
    nodes[at]?.tasks.push(id);
    for (let node = nodes[at]; node !== undefined; node = nodes[node.parent]) node.taskCount++;
  }
  return nodes;
}

function sortedBySize<Id>(nodes: readonly Node<Id>[], indices: readonly number[]): Node<Id>[] {
  return indices
    .flatMap((index) => nodes[index] ?? [])
    .filter(({ taskCount }) => taskCount > 0)
    .sort((a, b) => b.taskCount - a.taskCount);
}
