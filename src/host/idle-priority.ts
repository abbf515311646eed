// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Put before a command: it and all its children then run only when nothing else wants a processor (SCHED_IDLE), and
 * its reads and writes wait for those of others where the disk's scheduler knows classes (bfq does, mq-deadline in part).
 * Both are util-linux, and need no privilege.
 */
export const idlePriority = ['chrt', '--idle', '0', 'ionice', '-c', '3'] as const;
