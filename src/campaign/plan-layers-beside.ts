// SPDX-License-Identifier: GPL-2.0-or-later
import { callInThread } from '../host/thread.ts';
import type { LayerPlan, LayerPlanRequest } from '../layers/plan/layer-plan.ts';
import { planLayers } from '../layers/plan/plan-layers.ts';

/** Fewer tasks are planned in less time than a thread takes to start. */
const fewTasks = 100;

/** {@link planLayers}, which takes half a second for a thousand tasks, beside everything else: Ctrl-C, the live display. */
export async function planLayersBeside(request: LayerPlanRequest<number>): Promise<LayerPlan<number>> {
  if (request.tasks.length < fewTasks) return planLayers(request);
  const module = new URL('../layers/plan/plan-layers.ts', import.meta.url);
  return (await callInThread(module, planLayers.name, request)) as LayerPlan<number>;
}
