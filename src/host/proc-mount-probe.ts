// SPDX-License-Identifier: GPL-2.0-or-later
import { isSuccess, runProcess } from './process.ts';
import { toolEnvironment } from './tool-environment.ts';

let probed: Promise<boolean> | undefined;

/**
 * Whether a PID namespace with its own /proc can be made from here, tried once per process: what a contained process
 * (process.ts) and a sandbox need. A container that hides parts of its own /proc forbids it (mount_namespaces(7)).
 */
export function canMountProc(): Promise<boolean> {
  probed ??= runProcess({ command: ['true'], environment: toolEnvironment(), contained: true }).then(
    ({ end }) => isSuccess(end),
  );
  return probed;
}
