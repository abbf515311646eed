// SPDX-License-Identifier: GPL-2.0-or-later
import { describe, expect, test } from 'vitest';
import { countSubordinateIds, hasSystemAdministration, type NamespaceFacts } from './namespace-facts.ts';
import { namespaceProblem, namespaceRefused } from './namespace-problem.ts';

const user: NamespaceFacts = {
  invoker: { name: 'ada', uid: 1000, gid: 1000, home: '/home/ada' },
  mayMount: false,
  unprivilegedClone: true,
  maximumNamespaces: 96_000,
  restrictedByAppArmor: false,
  subordinateUids: 65_536,
  subordinateGids: 65_536,
  hasNewuidmap: true,
  hasUnshare: true,
  packaging: 'debian',
};
const root: NamespaceFacts = {
  ...user,
  invoker: { name: 'root', uid: 0, gid: 0, home: '/root' },
  mayMount: true,
  subordinateUids: 0,
};

test('a usual host has no problem', () => {
  expect(namespaceProblem(user)).toBeUndefined();
  expect(namespaceProblem({ ...user, unprivilegedClone: undefined })).toBeUndefined();
  expect(namespaceProblem(root)).toBeUndefined();
});

describe('each lack has its code and the command that mends it', () => {
  test.each([
    [
      { ...user, unprivilegedClone: false },
      'no-user-namespace',
      'sysctl -w kernel.unprivileged_userns_clone=1',
    ],
    [{ ...user, maximumNamespaces: 0 }, 'no-user-namespace', 'sysctl -w user.max_user_namespaces='],
    [{ ...user, maximumNamespaces: undefined }, 'no-user-namespace', 'CONFIG_USER_NS'],
    [{ ...user, hasNewuidmap: false }, 'tool-missing', 'apt-get install uidmap'],
    [{ ...user, hasNewuidmap: false, packaging: 'dnf' }, 'tool-missing', 'dnf install /usr/bin/newuidmap'],
    [{ ...user, hasUnshare: false }, 'tool-missing', 'apt-get install util-linux'],
    [{ ...user, subordinateUids: 0 }, 'no-subordinate-ids', 'usermod --add-subuids 100000-165535 ada'],
    [{ ...user, subordinateGids: 0 }, 'no-subordinate-ids', 'usermod --add-subgids 100000-165535 ada'],
    [{ ...user, subordinateUids: 1000 }, 'no-subordinate-ids', 'make that line of /etc/subuid the last'],
    [{ ...root, mayMount: false }, 'no-user-namespace', '--cap-add SYS_ADMIN'],
  ] as const)('%#', (facts, code, hint) => {
    const problem = namespaceProblem(facts);
    expect(problem?.code).toBe(code);
    expect(problem?.hint).toContain(hint);
  });

  test('a refusal that only trying showed', () => {
    const refusedByAppArmor = namespaceRefused(
      { ...user, restrictedByAppArmor: true },
      'unshare failed: EPERM\n',
    );
    expect(refusedByAppArmor.hint).toContain('kernel.apparmor_restrict_unprivileged_userns=0');
    expect(namespaceRefused(user, 'newuidmap: uid range [1-65536) not allowed').code).toBe(
      'no-subordinate-ids',
    );
    expect(namespaceRefused(user, 'unshare: Operation not permitted').hint).toContain('seccomp=unconfined');
  });
});

test('subordinate ids go by name or number, and the first line counts', () => {
  const text = 'bob:1:2\nada:100000:65536\nada:200000:5\n1001:300000:7\n';
  expect(countSubordinateIds(text, { name: 'ada', uid: 1000 })).toBe(65_536);
  expect(countSubordinateIds(text, { name: 'eve', uid: 1001 })).toBe(7);
  expect(countSubordinateIds(text, { name: 'ad', uid: 100 })).toBe(0);
});

test('CAP_SYS_ADMIN is bit 21', () => {
  expect(hasSystemAdministration('CapEff:\t000001ffffffffff\n')).toBe(true);
  expect(hasSystemAdministration('CapEff:\t00000000a80425fb\n')).toBe(false);
  expect(hasSystemAdministration('')).toBe(false);
});
