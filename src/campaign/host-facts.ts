// SPDX-License-Identifier: GPL-2.0-or-later
import { isPasekaError, PasekaError } from '../base/paseka-error.ts';
import { findCloneMethod } from '../buildroot/buildroot-factory.ts';
import type { CloneChoice } from '../buildroot/clone-method.ts';
import { openRunDirectory } from '../buildroot/run-directory.ts';
import type { Distribution } from '../distro/distribution.ts';
import type { HostRemark } from '../distro/host-remark.ts';
import { openResourceGroups } from '../host/cgroup.ts';
import { availableParallelism } from '../host/cores.ts';
import { type FileSystemKind, fileSystemKind, fileSystemSpace } from '../host/file-system.ts';
import { hostPackaging } from '../host/host-packaging.ts';
import { kernelVersion } from '../host/kernel.ts';
import { type HostMemory, hostMemory } from '../host/memory.ts';
import type { Invoker } from '../host/namespace-facts.ts';
import type { Packaging } from '../host/packaging.ts';
import type { PrivateNamespace } from '../host/private-namespace.ts';
import { canMountProc } from '../host/proc-mount-probe.ts';
import type { GroupSupport } from '../host/resource-group.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { findTool } from '../host/tools.ts';
import { commandLack } from '../host/try-command.ts';
import { neededTools } from './needed-tools.ts';

/** What this host is and can do, found by looking and by trying; host-findings.ts judges it. */
export interface HostFacts {
  readonly kernel: string;
  readonly cores: number;
  readonly memory: HostMemory;
  readonly packaging: Packaging;
  /** Names of {@link neededTools} that are not installed. */
  readonly missingTools: readonly string[];
  /** Why bubblewrap starts no sandbox here; null where it does, or isn't installed. */
  readonly bubblewrapLack: string | null;
  readonly groups: GroupSupport;
  /** Of the packaging system on its settings here. */
  readonly remarks: readonly HostRemark[];
  /** What only the inside of the private namespace shows, or why it can't be entered. */
  readonly inside: InsideFacts | PasekaError;
  /** The state directory, or why there is none. */
  readonly state: StateFacts | PasekaError;
}

export interface InsideFacts {
  readonly invoker: Invoker;
  readonly inUserNamespace: boolean;
  readonly canMountProc: boolean;
  /** Undefined where no state directory is there to try it on. */
  readonly clone: CloneChoice | PasekaError | undefined;
}

export interface StateFacts {
  readonly path: string;
  readonly fileSystem: FileSystemKind;
  readonly freeBytes: number;
}

/** Collects them. Mounts, processes and files that it tries things with are gone when it returns. */
export async function readHostFacts(
  namespace: PrivateNamespace | PasekaError,
  state: StateDirectory | PasekaError,
  distribution: Pick<Distribution, 'hostRemarks'>,
): Promise<HostFacts> {
  using groups = openResourceGroups();
  const missingTools = neededTools.map(({ name }) => name).filter((name) => findTool(name) === undefined);
  return {
    kernel: kernelVersion(),
    cores: availableParallelism(),
    memory: hostMemory(),
    packaging: hostPackaging(),
    missingTools,
    bubblewrapLack: missingTools.includes('bwrap') ? null : await commandLack(trialSandbox),
    groups: groups.support,
    remarks: await distribution.hostRemarks(),
    inside: namespace instanceof PasekaError ? namespace : await readInside(namespace, state),
    state: state instanceof PasekaError ? state : await readState(state),
  };
}

const trialSandbox = ['bwrap', '--unshare-all', '--ro-bind', '/', '/', '--proc', '/proc', 'true'] as const;

async function readInside(
  namespace: PrivateNamespace,
  state: StateDirectory | PasekaError,
): Promise<InsideFacts> {
  return {
    ...namespace,
    canMountProc: await canMountProc(),
    clone: state instanceof PasekaError ? undefined : await readCloneChoice(state),
  };
}

async function readCloneChoice(state: StateDirectory): Promise<CloneChoice | PasekaError> {
  try {
    await using _run = await openRunDirectory(state.path);
    return await findCloneMethod(state.path);
  } catch (error) {
    if (isPasekaError(error)) return error;
    throw error;
  }
}

async function readState(state: StateDirectory): Promise<StateFacts> {
  const [fileSystem, { freeBytes }] = await Promise.all([
    fileSystemKind(state.path),
    fileSystemSpace(state.path),
  ]);
  return { path: state.path, fileSystem, freeBytes };
}
