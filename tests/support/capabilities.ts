// SPDX-License-Identifier: GPL-2.0-or-later
import { describe, inject, test } from 'vitest';
import { isDedicatedMachine } from './dedicated-machine.ts';

/** What a test may need of the machine; how each is found out stands in probe-capabilities.ts. */
export type Capability =
  /** An overlay can be mounted in a private mount namespace. */
  | 'overlayfs'
  /** A user namespace with a range of subordinate ids can be made. */
  | 'userns'
  /** A cgroup with a memory limit can be made. */
  | 'cgroup-memory'
  /** The mirror of the host's apt sources answers. */
  | 'mirror'
  /** The tests run as root. */
  | 'root'
  /** bubblewrap can start a sandbox. */
  | 'bubblewrap'
  /** Debian's Chromium is installed. */
  | 'chromium'
  /** Debian's dnf is installed, with the plugins of dnf-plugins-core. */
  | 'dnf';

/** Why each capability is missing; null where it is there. */
export type Capabilities = Readonly<Record<Capability, string | null>>;

declare module 'vitest' {
  interface ProvidedContext {
    readonly capabilities: Capabilities;
  }
}

/** What rebuilding as root needs. */
export const rebuilding = ['root', 'overlayfs', 'bubblewrap', 'mirror'] as const;

/** Opens a group of tests. */
export type OpenGroup = (name: string, body: () => void) => void;

/**
 * Gives the `describe` for tests that need `wanted`: `requires('overlayfs', 'root')('buildroot', () => { ... })`.
 * Where one is missing, the group is skipped visibly, its name saying what is missing; on a dedicated
 * machine (`CI` or `PASEKA_REQUIRE_ALL` in the environment) it fails instead. Either way nothing of the group's body runs.
 */
export function requires(...wanted: readonly [Capability, ...Capability[]]): OpenGroup {
  const capabilities = inject('capabilities');
  const missing = wanted.flatMap((capability) => {
    const reason = capabilities[capability];
    return reason === null ? [] : [`${capability}: ${reason}`];
  });
  if (missing.length === 0) return (name, body) => void describe(name, body);
  const why = missing.join('; ');
  if (isDedicatedMachine()) {
    return (name) =>
      test(name, () => {
        throw new Error(`this machine lacks ${why}`);
      });
  }
  return (name) => test.skip(`${name} [lacks ${why}]`);
}
