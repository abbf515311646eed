// SPDX-License-Identifier: GPL-2.0-or-later

import { defaultLimits } from '../campaign/rebuild-options.ts';
import { chooseTaskSettings, type TaskSettings } from '../campaign/task-settings.ts';
import { availableParallelism } from '../host/cores.ts';
import { hostMemory } from '../host/memory.ts';
import type { Limits } from '../sandbox/sandbox.ts';
import type { LimitOptions } from './options.ts';
import type { Workspace } from './workspace.ts';

export interface CampaignSettings extends TaskSettings {
  readonly limits: Limits;
  /** What this host can't enforce of what was asked for. */
  readonly warnings: readonly string[];
}

/** Workers, uppers and limits from the options and from what this host has. */
export function openTaskSettings(
  options: LimitOptions & { readonly jobs?: number; readonly memory?: number },
  workspace: Pick<Workspace, 'clone' | 'groups'>,
  tasks: number,
): CampaignSettings {
  const settings = chooseTaskSettings(
    {
      cores: availableParallelism(),
      ...hostMemory(),
      hasTmpfsUpper: workspace.clone.tmpfsUpper,
    },
    {
      tasks,
      upper: options.upper,
      ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
      ...(options.memory === undefined ? {} : { memoryBytes: options.memory }),
      ...(options.upperSize === undefined ? {} : { upperSizeBytes: options.upperSize }),
    },
  );
  const { support } = workspace.groups;
  const warnings: string[] = [];
  const remedy = support.remedy === null ? '' : `; ${support.remedy}`;
  if (options.memoryLimit !== undefined && support.memory !== 'exact') {
    warnings.push(
      `the memory limit is ${support.memory === 'sampled' ? 'enforced by looking now and then' : 'not enforced'}: ${support.detail}${remedy}`,
    );
  }
  if (options.processLimit !== undefined && support.processes !== 'exact') {
    warnings.push(
      `the process limit is ${support.processes === 'sampled' ? 'enforced by looking now and then' : 'not enforced'}: ${support.detail}${remedy}`,
    );
  }
  const { memoryBytes } = settings.resources;
  const limits = {
    ...defaultLimits,
    ...limitsOf(options),
    memoryBytes: Math.min(options.memoryLimit ?? memoryBytes, memoryBytes),
  };
  return { ...settings, limits, warnings };
}

/** The limits that were asked for. */
export function limitsOf(options: LimitOptions): Limits {
  return {
    ...(options.timeout === undefined ? {} : { timeoutMs: options.timeout }),
    ...(options.idleTimeout === undefined ? {} : { idleTimeoutMs: options.idleTimeout }),
    ...(options.outputLimit === undefined ? {} : { outputBytes: options.outputLimit }),
    ...(options.memoryLimit === undefined ? {} : { memoryBytes: options.memoryLimit }),
    ...(options.processLimit === undefined ? {} : { processes: options.processLimit }),
  };
}
