// SPDX-License-Identifier: GPL-2.0-or-later
import { constants } from 'node:os';
import koffi from 'koffi';

const libc = koffi.load('libc.so.6');
const tcgetpgrp = libc.func('int tcgetpgrp(int fd)') as (fd: number) => number;
const tcsetpgrp = libc.func('int tcsetpgrp(int fd, int group)') as (fd: number, group: number) => number;
const setSignalAction = libc.func('intptr_t signal(int number, intptr_t action)') as (
  number: number,
  action: number | bigint,
) => number | bigint;

const standardInput = 0;
const ignored = 1; // SIG_IGN

/**
 * Remembers which process group is in the foreground of the terminal on standard input, and makes it so again when
 * disposed: an interactive shell takes the terminal for itself and its jobs, and in a PID namespace of its own it can't
 * give it back, since its starter's group has no number there. Who reads the terminal next would get EIO. (The
 * terminal's modes need no such care: Node.js sets them back when it exits.)
 */
export function keepForeground(): Disposable {
  const group = tcgetpgrp(standardInput);
  return {
    [Symbol.dispose]() {
      const now = tcgetpgrp(standardInput);
      // -1: no terminal, or it has hung up. A group that lives is the shell's that put this program into the background.
      if (group <= 0 || now <= 0 || now === group || hasMembers(now)) return;
      // The kernel would stop a process that does this from the background.
      const action = setSignalAction(constants.signals.SIGTTOU, ignored);
      tcsetpgrp(standardInput, group);
      setSignalAction(constants.signals.SIGTTOU, action);
    },
  };
}

function hasMembers(group: number): boolean {
  try {
    return process.kill(-group, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
