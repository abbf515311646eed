// SPDX-License-Identifier: GPL-2.0-or-later
import koffi from 'koffi';

/** What Node has no call for. Errors are thrown as Node's own are: an Error with `code` and `errno`. */

const libc = koffi.load('libc.so.6');
const pipe2 = libc.func('int pipe2(_Out_ int *fds, int flags)');
const closeRange = libc.func('int close_range(unsigned int first, unsigned int last, int flags)');
const getxattr = libc.func(
  'long getxattr(const char *path, const char *name, _Out_ uint8_t *value, size_t size)',
);
const flock = libc.func('int flock(int fd, int operation)');

const closeOnExec = 0o2000000;
const closeRangeCloseOnExec = 4;
const lockExclusiveNow = 2 | 4;
const lastFd = 0xffffffff;

/**
 * A pipe whose ends are closed on exec; both are the caller's to close. Node's own 'pipe' is a pair of sockets, which
 * a child can't open again by /dev/stderr or /dev/stdin (ENXIO), and build scripts do that.
 */
export function openPipe(): { readonly readEnd: number; readonly writeEnd: number } {
  const fds = [-1, -1];
  if (pipe2(fds, closeOnExec) !== 0) throw systemError('pipe2');
  const [readEnd = -1, writeEnd = -1] = fds;
  return { readEnd, writeEnd };
}

/**
 * Marks every descriptor of this process above 2 close-on-exec, those that it was started with included: Node passes
 * inherited ones on to its children, and an open directory would be a way out of a sandbox. False where the kernel
 * can't (before 5.11).
 */
export function closeAllOnExec(): boolean {
  return closeRange(3, lastFd, closeRangeCloseOnExec) === 0;
}

/**
 * Takes flock(2)'s exclusive lock on an open file or directory without waiting; false where another has it. It lasts
 * until the descriptor is closed, which the kernel does when the process dies.
 */
export function tryLock(fd: number): boolean {
  if (flock(fd, lockExclusiveNow) === 0) return true;
  if (koffi.errno() === koffi.os.errno['EAGAIN']) return false;
  throw systemError('flock');
}

/** A short extended attribute as text; undefined where there is none, or it can't be read. */
export function readExtendedAttribute(path: string, name: string): string | undefined {
  const value = Buffer.alloc(256);
  const length = Number(getxattr(path, name, value, value.length));
  return length < 0 ? undefined : value.subarray(0, length).toString('utf8');
}

function systemError(call: string): NodeJS.ErrnoException {
  const errno = koffi.errno();
  const code = Object.entries(koffi.os.errno).find(([, number]) => number === errno)?.[0] ?? 'UNKNOWN';
  return Object.assign(new Error(`${call}: ${code}`), { errno, code, syscall: call });
}
