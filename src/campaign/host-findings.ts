// SPDX-License-Identifier: GPL-2.0-or-later
import { formatBytes } from '../base/bytes.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { installRemedy, isOfRpm } from '../host/packaging.ts';
import type { HostFacts, InsideFacts } from './host-facts.ts';
import { neededTools } from './needed-tools.ts';

/** `ok` · `degraded`: works, but slower, with a limit that nobody enforces or with a check left out · `missing`: nothing can be built. */
export type FindingState = 'ok' | 'degraded' | 'missing';

/** One thing that the program needs of its host. */
export interface Finding {
  /** Stable, for scripts. */
  readonly name: string;
  readonly state: FindingState;
  /** One line for people. */
  readonly detail: string;
  /** The exact command, or what to do; null where nothing is to be mended. */
  readonly remedy: string | null;
}

const leastMemoryBytes = 1024 ** 3;
const leastDiskBytes = 5 * 1024 ** 3;

/** What `paseka doctor` tells: every capability, found or missing, with what mends it. A pure function. */
export function judgeHost(facts: HostFacts): readonly Finding[] {
  return [
    ok('kernel', `Linux ${facts.kernel}, ${facts.cores} cores`),
    ...judgeTools(facts),
    ...(facts.inside instanceof PasekaError
      ? [missing('private-namespace', facts.inside.message, facts.inside.hint)]
      : judgeInside(facts.inside)),
    judgeSandbox(facts),
    ...judgeGroups(facts),
    judgeMemory(facts),
    ...judgeState(facts),
    ...facts.remarks.map(({ name, detail, remedy }) => degraded(name, detail, remedy)),
  ];
}

/** Whether everything is there that building needs. */
export function isFit(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.state !== 'missing');
}

function judgeTools(facts: HostFacts): readonly Finding[] {
  const needsIds = !(facts.inside instanceof PasekaError) && !facts.inside.inUserNamespace;
  const isOfOthers = isOfRpm(facts.packaging);
  return neededTools.map(({ name, package: package_, purpose, isDebians = false }) => {
    if (!facts.missingTools.includes(name)) return ok(`tool-${name}`, purpose);
    const remedy = installRemedy(facts.packaging, { debian: package_, provided: `/usr/bin/${name}` });
    const what = isDebians && isOfOthers ? `${purpose}, of Debian's alone` : purpose;
    const detail = `${name} is not installed (${what})`;
    // root needs no subordinate ids
    return (package_ === 'uidmap' && needsIds) || (isDebians && isOfOthers)
      ? degraded(`tool-${name}`, detail, remedy)
      : missing(`tool-${name}`, detail, remedy);
  });
}

function judgeInside(inside: InsideFacts): readonly Finding[] {
  const { name, uid } = inside.invoker;
  const how = inside.inUserNamespace
    ? 'user namespace with all subordinate ids'
    : 'mount namespace, without a user namespace';
  const findings = [ok('private-namespace', `${name} (uid ${uid}): ${how}`)];
  findings.push(
    inside.canMountProc
      ? ok('nested-proc', 'PID namespaces with their own /proc')
      : missing(
          'nested-proc',
          'no PID namespace with its own /proc can be made: a container hides parts of /proc',
          'start the container with --security-opt systempaths=unconfined (podman: unmask=ALL)',
        ),
  );
  const { clone } = inside;
  if (clone === undefined) return findings;
  if (clone instanceof PasekaError) return [...findings, missing('buildroots', clone.message, clone.hint)];
  const places = [...(clone.tmpfsUpper ? ['tmpfs'] : []), ...(clone.diskUpper ? ['disk'] : [])].join(' or ');
  const detail = clone.method === 'overlay' ? `overlayfs, upper in ${places}` : 'copies on disk';
  if (clone.note === null) return [...findings, ok('buildroots', detail)];
  return [...findings, degraded('buildroots', `${detail}; ${clone.note}`, cloneRemedy(clone.method))];
}

function cloneRemedy(method: 'overlay' | 'copy'): string {
  return method === 'copy'
    ? 'run: sudo modprobe overlay; in a user namespace it needs Linux 5.11, with uppers in a tmpfs 6.6'
    : 'use Linux 6.6 or later for uppers in a tmpfs, and a --state-dir on ext4, xfs or btrfs for uppers on disk';
}

function judgeSandbox(facts: HostFacts): Finding {
  if (facts.missingTools.includes('bwrap')) {
    const remedy = installRemedy(facts.packaging, { debian: 'bubblewrap', provided: '/usr/bin/bwrap' });
    return missing('sandbox', 'bubblewrap is not installed', remedy);
  }
  if (facts.bubblewrapLack === null) return ok('sandbox', 'bubblewrap starts');
  return missing(
    'sandbox',
    `bubblewrap starts no sandbox: ${facts.bubblewrapLack}`,
    'run paseka as root, or see what user namespaces lack above',
  );
}

function judgeGroups({ groups }: HostFacts): readonly Finding[] {
  const limits = [
    ['limit-memory', groups.memory],
    ['limit-processes', groups.processes],
  ] as const;
  return limits.map(([name, enforcement]) => {
    switch (enforcement) {
      case 'exact':
        return ok(name, `by ${groups.mechanism}: ${groups.detail}`);
      case 'sampled':
        return degraded(name, `looked at several times a second: ${groups.detail}`, groups.remedy);
      case 'none':
        return degraded(name, `not enforced: ${groups.detail}`, groups.remedy);
    }
  });
}

function judgeMemory({ memory }: HostFacts): Finding {
  const detail = `${formatBytes(memory.availableBytes)} of ${formatBytes(memory.totalBytes)} available`;
  return memory.availableBytes >= leastMemoryBytes
    ? ok('memory', detail)
    : degraded('memory', detail, 'end other programs, or build with --upper disk --jobs 1');
}

function judgeState({ state }: HostFacts): readonly Finding[] {
  if (state instanceof PasekaError) return [missing('state-directory', state.message, state.hint)];
  const { path, fileSystem, freeBytes } = state;
  const elsewhere = 'name a directory on ext4, xfs or btrfs with --state-dir or PASEKA_STATE';
  const place =
    fileSystem.lack === null
      ? ok('state-directory', `${path} on ${fileSystem.name}`)
      : missing('state-directory', `${path} is on ${fileSystem.name}: ${fileSystem.lack}`, elsewhere);
  const free = `${formatBytes(freeBytes)} free for ${path}`;
  const space =
    freeBytes >= leastDiskBytes
      ? ok('disk', free)
      : degraded('disk', free, 'run: paseka gc, or name a larger disk with --state-dir');
  return [place, space];
}

function ok(name: string, detail: string): Finding {
  return { name, state: 'ok', detail, remedy: null };
}

function degraded(name: string, detail: string, remedy: string | null): Finding {
  return { name, state: 'degraded', detail, remedy };
}

function missing(name: string, detail: string, remedy: string): Finding {
  return { name, state: 'missing', detail, remedy };
}
