// SPDX-License-Identifier: GPL-2.0-or-later
import { isAbsolute } from 'node:path';
import { invariant } from '../base/invariant.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { isDirectory } from '../host/files.ts';
import { hostMemory } from '../host/memory.ts';
import { type OverlaySupport, probeOverlays } from '../host/overlay-probe.ts';
import type { Buildroot, BuildrootFactory, BuildrootRequest } from './buildroot.ts';
import { type CloneChoice, chooseCloneMethod, choosePlace } from './clone-method.ts';
import { acquireCopyBuildroot } from './copy-buildroot.ts';
import { acquireOverlayBuildroot } from './overlay-buildroot.ts';
import { ownRunPath, type RunDirectory } from './run-directory.ts';

/** Makes roots in `run` by the method that the probe allows. The caller disposes of `run` after all of them. */
export function createBuildrootFactory(run: RunDirectory, choice: CloneChoice): BuildrootFactory {
  return {
    method: choice.method,
    acquire: async (request) => {
      await checkRequest(request);
      const placed = { ...request, upper: choosePlace(choice, request.upper, hostMemory().totalBytes) };
      return acquireBy(choice, run, placed);
    },
  };
}

const probes = new Map<string, Promise<OverlaySupport>>();

/**
 * What overlays can do over this state directory, probed once per process. To be called in the private namespace, with
 * this process's run directory open, where the probe works.
 */
export async function findCloneMethod(stateDirectory: string): Promise<CloneChoice> {
  const known = probes.get(stateDirectory) ?? probeOverlays(ownRunPath(stateDirectory));
  probes.set(stateDirectory, known);
  return chooseCloneMethod(await known);
}

function acquireBy(choice: CloneChoice, run: RunDirectory, request: BuildrootRequest): Promise<Buildroot> {
  switch (choice.method) {
    case 'overlay':
      return acquireOverlayBuildroot(run, request);
    case 'copy':
      return acquireCopyBuildroot(run, request);
  }
}

async function checkRequest(request: BuildrootRequest): Promise<void> {
  invariant(request.lower.length > 0, 'a buildroot needs a lower directory');
  for (const path of request.lower) {
    invariant(isAbsolute(path), `a lower directory must be absolute: ${path}`);
    if (!(await isDirectory(path))) {
      throw new PasekaError(
        'not-a-directory',
        `${path} is not a directory`,
        'give the path of a prepared directory',
      );
    }
  }
}
