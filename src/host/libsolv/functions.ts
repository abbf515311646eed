// SPDX-License-Identifier: GPL-2.0-or-later

/** An address in this process, as koffi gives it. */
export type Pointer = bigint;

/** A library's structure in a buffer of ours, for the length of a call. */
export type Memory = Uint8Array;

/** The functions that are used of libsolv, libsolvext and the C library (library.ts binds them), under their own names. */
export interface LibSolv {
  pool_create(): Pointer;
  pool_free(pool: Pointer): void;
  pool_setdisttype(pool: Pointer, type: number): number;
  pool_setarch(pool: Pointer, arch: string): void;
  pool_set_installed(pool: Pointer, repo: Pointer | null): void;
  pool_errstr(pool: Pointer): string;
  pool_str2id(pool: Pointer, text: string, create: number): number;
  pool_rel2id(pool: Pointer, name: number, evr: number, flags: number, create: number): number;
  pool_id2str(pool: Pointer, id: number): string;
  pool_dep2str(pool: Pointer, id: number): string;
  pool_solvable2str(pool: Pointer, solvable: Pointer): string;
  pool_parserpmrichdep(pool: Pointer, text: string): number;
  pool_evrcmp(pool: Pointer, evr1: number, evr2: number, mode: number): number;
  pool_addfileprovides_queue(pool: Pointer, added: Memory, addedInstalled: Memory | null): void;
  pool_createwhatprovides(pool: Pointer): void;
  pool_queuetowhatprovides(pool: Pointer, queue: Memory): number;
  selection_make(pool: Pointer, selection: Memory, name: string, flags: number): number;
  selection_solvables(pool: Pointer, selection: Memory, queue: Memory): void;
  pool_job2solvables(pool: Pointer, queue: Memory, how: number, what: number): void;
  pool_whatmatchessolvable(pool: Pointer, key: number, solvable: number, queue: Memory, marker: number): void;
  pool_lookup_str(pool: Pointer, solvable: number, key: number): string | null;
  pool_lookup_id(pool: Pointer, solvable: number, key: number): number;
  pool_lookup_num(pool: Pointer, solvable: number, key: number, notFound: number): number | bigint;
  pool_lookup_checksum(pool: Pointer, solvable: number, key: number, type: number[]): string | null;
  solvable_lookup_location(solvable: Pointer, medium: number[]): string | null;
  solvable_lookup_deparray(solvable: Pointer, key: number, queue: Memory, marker: number): number;
  solvable_set_deparray(solvable: Pointer, key: number, queue: Memory, marker: number): void;
  repo_create(pool: Pointer, name: string): Pointer;
  repo_free(repo: Pointer, reuseIds: number): void;
  repo_add_solvable(repo: Pointer): number;
  repo_free_solvable(repo: Pointer, solvable: number, reuseIds: number): void;
  repo_add_solv(repo: Pointer, file: Pointer, flags: number): number;
  repo_add_repodata(repo: Pointer, flags: number): Pointer;
  repo_internalize(repo: Pointer): void;
  repodata_set_idarray(data: Pointer, solvable: number, key: number, queue: Memory): void;
  repodata_internalize(data: Pointer): void;
  repo_write(repo: Pointer, file: Pointer): number;
  queue_insertn(queue: Memory, position: number, count: number, elements: Int32Array): void;
  queue_free(queue: Memory): void;
  solver_create(pool: Pointer): Pointer;
  solver_free(solver: Pointer): void;
  solver_set_flag(solver: Pointer, flag: number, value: number): number;
  solver_solve(solver: Pointer, jobs: Memory): number;
  solver_get_decisionqueue(solver: Pointer, queue: Memory): void;
  solver_problem_count(solver: Pointer): number;
  solver_findallproblemrules(solver: Pointer, problem: number, queue: Memory): void;
  solver_ruleinfo(solver: Pointer, rule: number, from: number[], to: number[], dep: number[]): number;
  solver_problemruleinfo2str(solver: Pointer, type: number, from: number, to: number, dep: number): string;
  solver_create_transaction(solver: Pointer): Pointer;
  transaction_order(transaction: Pointer, flags: number): void;
  transaction_free(transaction: Pointer): void;
  repo_add_rpmmd(repo: Pointer, file: Pointer, language: string | null, flags: number): number;
  repo_add_rpm(repo: Pointer, path: string, flags: number): number;
  solv_xfopen(path: string, mode: string): Pointer | null;
  fopen(path: string, mode: string): Pointer | null;
  fclose(file: Pointer): number;
  fread(buffer: Memory, size: number, count: number, file: Pointer): number | bigint;
  ferror(file: Pointer): number;
}
