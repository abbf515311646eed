// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../base/paseka-error.ts';
import type { NamespaceFacts } from './namespace-facts.ts';
import { installRemedy } from './packaging.ts';

/** Fewer leave no room for the id of nobody, which every distribution's own tools use. */
const neededSubordinateIds = 65_536;

/**
 * Why this user can't have a private namespace on this host, with the command that mends it; undefined where nothing
 * is known to forbid it. A pure function of {@link NamespaceFacts}: what they don't show, only trying does.
 */
export function namespaceProblem(facts: NamespaceFacts): PasekaError | undefined {
  if (!facts.hasUnshare) return missingTool(facts, 'unshare', 'util-linux');
  if (facts.invoker.uid === 0) {
    if (facts.mayMount) return undefined;
    return new PasekaError(
      'no-user-namespace',
      'root may not mount here: CAP_SYS_ADMIN is missing (a container?)',
      'start the container with --cap-add SYS_ADMIN --security-opt apparmor=unconfined --security-opt seccomp=unconfined, or with --privileged',
    );
  }
  if (facts.maximumNamespaces === undefined) {
    return forbidden(
      'this kernel has no user namespaces',
      'use a kernel with CONFIG_USER_NS, or run paseka as root',
    );
  }
  if (facts.maximumNamespaces === 0) {
    return forbidden(
      'user namespaces are switched off (user.max_user_namespaces is 0)',
      'run: sudo sysctl -w user.max_user_namespaces=15000',
    );
  }
  if (facts.unprivilegedClone === false) {
    return forbidden(
      'user namespaces are for root only (kernel.unprivileged_userns_clone is 0)',
      'run: sudo sysctl -w kernel.unprivileged_userns_clone=1',
    );
  }
  if (!facts.hasNewuidmap) return missingTool(facts, 'newuidmap', 'uidmap');
  if (Math.min(facts.subordinateUids, facts.subordinateGids) < neededSubordinateIds) {
    return subordinateIdsMissing(facts);
  }
  return undefined;
}

/** Why `unshare` refused although {@link namespaceProblem} saw nothing; `message` is what it said. */
export function namespaceRefused(facts: NamespaceFacts, message: string): PasekaError {
  const said = message.trim().replaceAll(/\s*\n\s*/g, '; ');
  if (facts.invoker.uid !== 0 && facts.restrictedByAppArmor) {
    return forbidden(
      `AppArmor forbids user namespaces (kernel.apparmor_restrict_unprivileged_userns is 1): ${said}`,
      'run: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
    );
  }
  if (/newuidmap|newgidmap|subuid|subgid|uid range|gid range/.test(said)) {
    return new PasekaError(
      'no-subordinate-ids',
      `the user ids of ${facts.invoker.name} can't be mapped: ${said}`,
      'see that newuidmap and newgidmap are setuid root (else install their package again) and that no two ranges in /etc/subuid overlap',
    );
  }
  return forbidden(
    `this host refuses a private namespace: ${said === '' ? 'no reason was given' : said}`,
    'in a container, start it with --security-opt seccomp=unconfined --security-opt apparmor=unconfined; else run paseka as root',
  );
}

function subordinateIdsMissing(facts: NamespaceFacts): PasekaError {
  const { name } = facts.invoker;
  const needsUids = facts.subordinateUids < neededSubordinateIds;
  const needsGids = facts.subordinateGids < neededSubordinateIds;
  const files = [...(needsUids ? ['/etc/subuid'] : []), ...(needsGids ? ['/etc/subgid'] : [])].join(' and ');
  const few = Math.max(needsUids ? facts.subordinateUids : 0, needsGids ? facts.subordinateGids : 0);
  const options = [
    ...(needsUids ? ['--add-subuids 100000-165535'] : []),
    ...(needsGids ? ['--add-subgids 100000-165535'] : []),
  ].join(' ');
  return new PasekaError(
    'no-subordinate-ids',
    few === 0
      ? `the user ${name} has no subordinate ids in ${files}`
      : `the first range of ${name} in ${files} has only ${few} ids of ${neededSubordinateIds} needed`,
    few === 0
      ? `run: sudo usermod ${options} ${name} (another range where that one is taken)`
      : `make that line of ${files} the last of ${name}'s, and run: sudo usermod ${options} ${name}`,
  );
}

function forbidden(message: string, hint: string): PasekaError {
  return new PasekaError('no-user-namespace', message, hint);
}

function missingTool({ packaging }: NamespaceFacts, tool: string, debian: string): PasekaError {
  const remedy = installRemedy(packaging, { debian, provided: `/usr/bin/${tool}` });
  return new PasekaError('tool-missing', `${tool} is not installed`, remedy);
}
