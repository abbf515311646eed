// SPDX-License-Identifier: GPL-2.0-or-later
import koffi from 'koffi';
import type { LibSolv, Memory, Pointer } from './functions.ts';

/**
 * The public structures of libsolv's headers that have no functions of their own, on machines with pointers of 8 bytes;
 * they are the same in all of libsolv.so.1. {@link layoutProblem} tries them before anything relies on them.
 */
const poolSolvables = 96;
const poolSolvableCount = 104;
const repoPool = 24;
const repoStart = 32;
const repoEnd = 36;
const repoPriority = 48;
const transactionSteps = 8;
const solvableBytes = 56;

/** Numbers of 4 bytes in a solvable; where its parts are among them. */
export const solvableInts = solvableBytes / 4;
export const solvableField = { name: 0, arch: 1, evr: 2, vendor: 3 } as const;

/** Bytes of a `Queue`: all zero is an empty one. */
export const queueBytes = 32;

/** The solvables of a pool, {@link solvableInts} numbers for each; worthless as soon as the pool gets more of them. */
export function solvableTable(pool: Pointer): Int32Array {
  const count = koffi.decode.int32(pool + BigInt(poolSolvableCount));
  const start = pointerAt(pool + BigInt(poolSolvables));
  return new Int32Array(koffi.view(start, count * solvableBytes));
}

/** Where a solvable is, for calls that take one. */
export function solvablePointer(pool: Pointer, solvable: number): Pointer {
  return pointerAt(pool + BigInt(poolSolvables)) + BigInt(solvable * solvableBytes);
}

/** The first solvable of a repository and the one after its last; between them may be others' where it was added to. */
export function repositoryRange(repo: Pointer): { readonly start: number; readonly end: number } {
  return {
    start: koffi.decode.int32(repo + BigInt(repoStart)),
    end: koffi.decode.int32(repo + BigInt(repoEnd)),
  };
}

/** A repository with the greater number is preferred. */
export function setPriority(repo: Pointer, priority: number): void {
  koffi.encode(repo + BigInt(repoPriority), 'int', priority);
}

/** What an ordered transaction does, step by step. */
export function transactionStepIds(transaction: Pointer): number[] {
  const queue = new Uint8Array(koffi.view(transaction + BigInt(transactionSteps), queueBytes));
  return queueElements(queue);
}

/** The numbers in a `Queue`. */
export function queueElements(queue: Memory): number[] {
  const fields = Buffer.from(queue.buffer, queue.byteOffset, queue.byteLength);
  const count = fields.readInt32LE(8);
  if (count === 0) return [];
  return Array.from(new Int32Array(koffi.view(fields.readBigUInt64LE(0), count * 4)));
}

/** Makes a solvable and reads it back every way; what is not as it must be, else undefined. */
export function layoutProblem(library: LibSolv): string | undefined {
  const pool = library.pool_create();
  try {
    const repo = library.repo_create(pool, 'probe');
    const id = library.repo_add_solvable(repo);
    if (pointerAt(repo + BigInt(repoPool)) !== pool) return 'a repository is laid out otherwise';
    const { start, end } = repositoryRange(repo);
    if (start !== id || end !== id + 1) return 'a repository is laid out otherwise';
    const table = solvableTable(pool);
    if (table.length !== (id + 1) * solvableInts) return 'a pool is laid out otherwise';
    const at = id * solvableInts;
    table[at + solvableField.name] = library.pool_str2id(pool, 'probe', 1);
    table[at + solvableField.evr] = library.pool_str2id(pool, '2:3-4', 1);
    table[at + solvableField.arch] = library.pool_str2id(pool, 'noarch', 1);
    const text = library.pool_solvable2str(pool, solvablePointer(pool, id));
    return text === 'probe-2:3-4.noarch' ? undefined : 'a package is laid out otherwise';
  } finally {
    library.pool_free(pool);
  }
}

function pointerAt(address: Pointer): Pointer {
  return BigInt(koffi.decode.uint64(address));
}
