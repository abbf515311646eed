// SPDX-License-Identifier: GPL-2.0-or-later

import koffi from 'koffi';
import type { PasekaError } from '../../base/paseka-error.ts';
import { toolMissing } from '../host-packaging.ts';
import type { LibSolv, Pointer } from './functions.ts';
import { layoutProblem } from './layout.ts';

/** What is used of libsolv (`lib`), libsolvext (`ext`) and the C library (`c`), as their headers declare it. */
const declarations = {
  lib: [
    'void *pool_create()',
    'void pool_free(void *pool)',
    'int pool_setdisttype(void *pool, int type)',
    'void pool_setarch(void *pool, const char *arch)',
    'void pool_set_installed(void *pool, void *repo)',
    'const char *pool_errstr(void *pool)',
    'int pool_str2id(void *pool, const char *text, int create)',
    'int pool_rel2id(void *pool, int name, int evr, int flags, int create)',
    'const char *pool_id2str(void *pool, int id)',
    'const char *pool_dep2str(void *pool, int id)',
    'const char *pool_solvable2str(void *pool, void *solvable)',
    'int pool_evrcmp(void *pool, int evr1, int evr2, int mode)',
    'void pool_addfileprovides_queue(void *pool, void *added, void *addedInstalled)',
    'void pool_createwhatprovides(void *pool)',
    'int pool_queuetowhatprovides(void *pool, void *queue)',
    'int selection_make(void *pool, void *selection, const char *name, int flags)',
    'void selection_solvables(void *pool, void *selection, void *queue)',
    'void pool_job2solvables(void *pool, void *queue, int how, int what)',
    'void pool_whatmatchessolvable(void *pool, int key, int solvable, void *queue, int marker)',
    'const char *pool_lookup_str(void *pool, int solvable, int key)',
    'int pool_lookup_id(void *pool, int solvable, int key)',
    'uint64_t pool_lookup_num(void *pool, int solvable, int key, uint64_t notFound)',
    'const char *pool_lookup_checksum(void *pool, int solvable, int key, _Out_ int *type)',
    'const char *solvable_lookup_location(void *solvable, _Out_ unsigned int *medium)',
    'int solvable_lookup_deparray(void *solvable, int key, void *queue, int marker)',
    'void solvable_set_deparray(void *solvable, int key, void *queue, int marker)',
    'void *repo_create(void *pool, const char *name)',
    'void repo_free(void *repo, int reuseIds)',
    'int repo_add_solvable(void *repo)',
    'void repo_free_solvable(void *repo, int solvable, int reuseIds)',
    'int repo_add_solv(void *repo, void *file, int flags)',
    'void *repo_add_repodata(void *repo, int flags)',
    'void repo_internalize(void *repo)',
    'void repodata_set_idarray(void *data, int solvable, int key, void *queue)',
    'void repodata_internalize(void *data)',
    'int repo_write(void *repo, void *file)',
    'void queue_insertn(void *queue, int position, int count, const int *elements)',
    'void queue_free(void *queue)',
    'void *solver_create(void *pool)',
    'void solver_free(void *solver)',
    'int solver_set_flag(void *solver, int flag, int value)',
    'int solver_solve(void *solver, void *jobs)',
    'void solver_get_decisionqueue(void *solver, void *queue)',
    'unsigned int solver_problem_count(void *solver)',
    'void solver_findallproblemrules(void *solver, int problem, void *queue)',
    'int solver_ruleinfo(void *solver, int rule, _Out_ int *from, _Out_ int *to, _Out_ int *dep)',
    'const char *solver_problemruleinfo2str(void *solver, int type, int from, int to, int dep)',
    'void *solver_create_transaction(void *solver)',
    'void transaction_order(void *transaction, int flags)',
    'void transaction_free(void *transaction)',
  ],
  ext: [
    'int pool_parserpmrichdep(void *pool, const char *text)',
    'int repo_add_rpmmd(void *repo, void *file, const char *language, int flags)',
    'int repo_add_rpm(void *repo, const char *path, int flags)',
    'void *solv_xfopen(const char *path, const char *mode)',
  ],
  c: [
    'void *fopen(const char *path, const char *mode)',
    'int fclose(void *file)',
    'size_t fread(void *buffer, size_t size, size_t count, void *file)',
    'int ferror(void *file)',
  ],
} as const;

let loaded: LibSolv | undefined;

/** libsolv, loaded on first use. Throws PasekaError tool-missing where this host has none that is known. */
export function libsolv(): LibSolv {
  loaded ??= load();
  return loaded;
}

/** What libsolv says of its last failure with a pool. */
export function libsolvReason(pool: Pointer): string {
  return libsolv().pool_errstr(pool);
}

function load(): LibSolv {
  let library: LibSolv;
  try {
    const libraries = {
      lib: koffi.load('libsolv.so.1'),
      ext: koffi.load('libsolvext.so.1'),
      c: koffi.load(null),
    };
    const functions: Record<string, unknown> = {};
    for (const [name, handle] of Object.entries(libraries)) {
      for (const declaration of declarations[name as keyof typeof declarations]) {
        functions[/(\w+)\(/.exec(declaration)?.[1] ?? ''] = handle.func(declaration);
      }
    }
    library = functions as unknown as LibSolv;
  } catch (error) {
    throw unusable('libsolv is not installed, which RPM repositories are resolved with', error);
  }
  const problem = layoutProblem(library);
  if (problem === undefined) return library;
  throw unusable(`this host's libsolv is not one that is known here: ${problem}`);
}

function unusable(message: string, cause?: unknown): PasekaError {
  const wanted = { debian: 'libsolv1 libsolvext1', provided: 'libsolvext.so.1()(64bit)' };
  return toolMissing(message, wanted, cause);
}
