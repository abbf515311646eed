// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { hostPackaging } from './host-packaging.ts';
import type { Packaging } from './packaging.ts';
import { findTool } from './tools.ts';

/** Who started the program, as seen outside every namespace of its own. */
export interface Invoker {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
}

/** What decides whether this user may have a private namespace. Read, not tried. */
export interface NamespaceFacts {
  readonly invoker: Invoker;
  /** CAP_SYS_ADMIN in the present namespace. */
  readonly mayMount: boolean;
  /** kernel.unprivileged_userns_clone (Debian's own); undefined where the kernel has no such switch. */
  readonly unprivilegedClone: boolean | undefined;
  /** user.max_user_namespaces; undefined where the kernel has no user namespaces. */
  readonly maximumNamespaces: number | undefined;
  /** kernel.apparmor_restrict_unprivileged_userns (Ubuntu, newer Debian). */
  readonly restrictedByAppArmor: boolean;
  /** Ids in the first range of /etc/subuid and /etc/subgid for this user, the one that unshare takes; 0: none. */
  readonly subordinateUids: number;
  readonly subordinateGids: number;
  readonly hasNewuidmap: boolean;
  readonly hasUnshare: boolean;
  readonly packaging: Packaging;
}

export function readNamespaceFacts(): NamespaceFacts {
  const invoker = readInvoker();
  const maximum = readNumber('/proc/sys/user/max_user_namespaces');
  const clone = readNumber('/proc/sys/kernel/unprivileged_userns_clone');
  return {
    invoker,
    mayMount: hasSystemAdministration(read('/proc/self/status') ?? ''),
    unprivilegedClone: clone === undefined ? undefined : clone !== 0,
    maximumNamespaces: maximum,
    restrictedByAppArmor: (readNumber('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') ?? 0) !== 0,
    subordinateUids: countSubordinateIds(read('/etc/subuid') ?? '', invoker),
    subordinateGids: countSubordinateIds(read('/etc/subgid') ?? '', invoker),
    hasNewuidmap: findTool('newuidmap') !== undefined && findTool('newgidmap') !== undefined,
    hasUnshare: findTool('unshare') !== undefined,
    packaging: hostPackaging(),
  };
}

/** Ids in the first line for the user, by name or number (subuid(5)); both files go by user, never by group. */
export function countSubordinateIds(text: string, user: Pick<Invoker, 'name' | 'uid'>): number {
  for (const line of text.split('\n')) {
    const [owner, , count] = line.split(':');
    if (owner === user.name || owner === String(user.uid)) return Number(count ?? 0) || 0;
  }
  return 0;
}

/** Bit 21 of the effective capabilities in /proc/self/status. */
export function hasSystemAdministration(status: string): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1];
  return effective !== undefined && ((BigInt(`0x${effective}`) >> 21n) & 1n) === 1n;
}

function readInvoker(): Invoker {
  try {
    const { username, uid, gid, homedir } = userInfo();
    return { name: username, uid, gid, home: process.env['HOME'] ?? homedir };
  } catch {
    // no entry in the user database
    const uid = process.geteuid?.() ?? 0;
    return { name: String(uid), uid, gid: process.getegid?.() ?? 0, home: process.env['HOME'] ?? '/' };
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function readNumber(path: string): number | undefined {
  const text = read(path);
  return text === undefined ? undefined : Number(text.trim());
}
