// SPDX-License-Identifier: GPL-2.0-or-later
import { open } from 'node:fs/promises';
import koffi from 'koffi';

/** A system call that failed, with the errno's name (`EPERM`). */
export class SystemCallError extends Error {
  override readonly name = 'SystemCallError';
  readonly code: string;

  constructor(call: string, code: string) {
    super(`${call}: ${code}`);
    this.code = code;
  }
}

/** Flags of mount(2) and umount2(2), as <sys/mount.h> has them. */
export const mountFlags = {
  readOnly: 1,
  nosuid: 2,
  nodev: 4,
  remount: 32,
  bind: 4096,
  recursive: 16384,
  private: 1 << 18,
};
const unmountDetach = 2;
const unmountNoFollow = 8;

export const lockFlags = { shared: 1, exclusive: 2, nonBlocking: 4 };

/** mount(2). Throws {@link SystemCallError}. Takes 0.1 ms where mount(8) takes 5. */
export function mount(
  source: string,
  target: string,
  type: string | null,
  flags: number,
  data: string | null,
): void {
  check(`mount ${target}`, libc().mount(source, target, type, flags, data));
}

/**
 * umount2(2), not following a symbolic link. Runs beside the event loop: freeing a large tmpfs takes a tenth of a
 * second per GB. A false answer means that it failed; only the synchronous {@link detach} knows the reason.
 */
export function unmount(target: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    libc().umount2.async(target, unmountNoFollow, (error: unknown, result: number) => {
      if (error === null || error === undefined) resolve(result === 0);
      else reject(error instanceof Error ? error : new Error('umount2 failed to start'));
    });
  });
}

/** umount2(2) with MNT_DETACH: gone for this namespace at once, freed when the last user lets go. */
export function detach(target: string): void {
  check(`umount ${target}`, libc().umount2(target, unmountDetach | unmountNoFollow));
}

/** flock(2). False where somebody else holds it (EWOULDBLOCK); throws {@link SystemCallError} for all else. */
export function tryFlock(descriptor: number, operation: number): boolean {
  if (libc().flock(descriptor, operation | lockFlags.nonBlocking) === 0) return true;
  const code = errnoName();
  if (code === 'EAGAIN' || code === 'EWOULDBLOCK') return false;
  throw new SystemCallError('flock', code);
}

/** syncfs(2) on the file system of a directory, beside the event loop. Throws {@link SystemCallError}. */
export async function syncFileSystem(directory: string): Promise<void> {
  await using file = await open(directory, 'r');
  await new Promise<void>((resolve, reject) => {
    libc().syncfs.async(file.fd, (error: unknown, result: number) => {
      if ((error === null || error === undefined) && result === 0) resolve();
      else reject(new SystemCallError(`syncfs ${directory}`, 'EIO'));
    });
  });
}

/** utimensat(2) with nanoseconds, which Node's own utimes rounds; a symbolic link itself is changed. */
export function setTimes(path: string, accessNs: bigint, modificationNs: bigint): void {
  const second = 1_000_000_000n;
  const times = new BigInt64Array([
    accessNs / second,
    accessNs % second,
    modificationNs / second,
    modificationNs % second,
  ]);
  check(`utimensat ${path}`, libc().utimensat(-100, path, times, 0x100));
}

/** lsetxattr(2). Throws {@link SystemCallError}. */
export function setExtendedAttribute(path: string, name: string, value: Uint8Array): void {
  check(`lsetxattr ${path}`, libc().lsetxattr(path, name, value, BigInt(value.length), 0));
}

/** lgetxattr(2): the value (at most 4 KiB), or undefined where there is none or the file system has no such thing. */
export function getExtendedAttribute(path: string, name: string): Uint8Array | undefined {
  const buffer = new Uint8Array(4096);
  const length = Number(libc().lgetxattr(path, name, buffer, BigInt(buffer.length)));
  return length < 0 ? undefined : buffer.subarray(0, length);
}

/** llistxattr(2) and the values; none where the file system has no such thing. */
export function listExtendedAttributes(
  path: string,
): { readonly name: string; readonly value: Uint8Array }[] {
  const buffer = new Uint8Array(65_536);
  const length = Number(libc().llistxattr(path, buffer, BigInt(buffer.length)));
  if (length <= 0) return [];
  const names = Buffer.from(buffer.buffer, 0, length).toString('utf8').split('\0').slice(0, -1);
  return names.map((name) => ({ name, value: getExtendedAttribute(path, name) ?? new Uint8Array() }));
}

interface Libc {
  mount(source: string, target: string, type: string | null, flags: number, data: string | null): number;
  readonly umount2: ((target: string, flags: number) => number) & {
    async(target: string, flags: number, done: (error: unknown, result: number) => void): void;
  };
  readonly syncfs: { async(descriptor: number, done: (error: unknown, result: number) => void): void };
  flock(descriptor: number, operation: number): number;
  utimensat(directory: number, path: string, times: BigInt64Array, flags: number): number;
  lsetxattr(path: string, name: string, value: Uint8Array, size: bigint, flags: number): number;
  lgetxattr(path: string, name: string, value: Uint8Array, size: bigint): number | bigint;
  llistxattr(path: string, names: Uint8Array, size: bigint): number | bigint;
  errno(): number;
  readonly errnoNames: ReadonlyMap<number, string>;
}

let loaded: Libc | undefined;

/** Bound on first use: most verbs never mount anything. */
function libc(): Libc {
  if (loaded !== undefined) return loaded;
  const library = koffi.load(null);
  const bind = (declaration: string): unknown => library.func(declaration);
  loaded = {
    mount: bind(
      'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
    ),
    umount2: bind('int umount2(const char *target, int flags)'),
    syncfs: bind('int syncfs(int fd)'),
    flock: bind('int flock(int fd, int operation)'),
    utimensat: bind('int utimensat(int dirfd, const char *path, const void *times, int flags)'),
    lsetxattr: bind(
      'int lsetxattr(const char *path, const char *name, const void *value, size_t size, int flags)',
    ),
    lgetxattr: bind('int64_t lgetxattr(const char *path, const char *name, _Out_ void *value, size_t size)'),
    llistxattr: bind('int64_t llistxattr(const char *path, _Out_ void *names, size_t size)'),
    errno: () => koffi.errno(),
    errnoNames: new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name])),
  } as Libc;
  return loaded;
}

function check(call: string, result: number): void {
  if (result !== 0) throw new SystemCallError(call, errnoName());
}

function errnoName(): string {
  const number = libc().errno();
  return libc().errnoNames.get(number) ?? `errno ${number}`;
}
