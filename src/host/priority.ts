// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * `idle`: it and all its children run only when nothing else wants a processor (SCHED_IDLE), and its reads and writes wait for
 * those of others where the disk's scheduler knows classes (bfq does, mq-deadline in part). For what nobody waits for: beside a
 * build that takes all processors it hardly gets on, and without privilege it can't be given its usual priority again.
 */
export type Priority = 'idle' | 'usual';

/** The command that runs a command at a priority; both tools are util-linux, and need no privilege. */
export function atPriority(
  priority: Priority,
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  return priority === 'idle' ? ['chrt', '--idle', '0', 'ionice', '-c', '3', ...command] : command;
}
