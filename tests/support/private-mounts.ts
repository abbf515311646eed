// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * The command that runs a script of shell, with arguments, in a mount namespace of its own: what it mounts is seen by
 * nobody else and gone when it ends. Needs root.
 */
export function withPrivateMounts(script: string, args: readonly string[]): [string, ...string[]] {
  return ['unshare', '--mount', '--propagation', 'private', '--', '/bin/sh', '-c', script, 'sh', ...args];
}
