// SPDX-License-Identifier: GPL-2.0-or-later
import type { Pointer } from './functions.ts';
import { filled, IdQueue } from './id-queue.ts';
import { transactionStepIds } from './layout.ts';
import { libsolv } from './library.ts';
import type { SolvPool } from './solv-pool.ts';

/** What is to be solved. */
export interface SolveRequest {
  readonly jobs: readonly SolveJob[];
  /** Whether the order of installation is wanted; default false. */
  readonly order?: boolean;
}

export interface SolveJob {
  readonly action: keyof typeof actions;
  readonly select: number;
  /** A package, a text or a dependency, as the selection wants it. */
  readonly what: number;
  /** Done only where nothing speaks against it. */
  readonly isWeak?: boolean;
}

export type SolveEnd =
  | {
      readonly kind: 'solved';
      /** What is to be installed, in the order of installation where one was asked for. */
      readonly installs: readonly number[];
      /** What is installed and has to go, also for another version of it. */
      readonly erases: readonly number[];
    }
  | { readonly kind: 'unsolvable'; readonly facts: readonly SolveFact[] };

/** One of the facts that together make a request unsolvable. */
export interface SolveFact {
  readonly kind: 'requires' | 'nothing-provides' | 'conflicts' | 'request' | 'not-installable' | 'other';
  /** The package that it is about; 0 for the request. */
  readonly from: number;
  readonly to: number;
  /** Of a request, what was asked for, as its job says. */
  readonly dependency: number;
  /** Of a request, what its job selects, else 0. */
  readonly select: number;
  /** In libsolv's words. */
  readonly text: string;
}

const actions = { install: 0x100, erase: 0x200 } as const;
const weak = 0x10000;

/** Of libsolv's SolverRuleinfo: what a rule is of, and those of jobs. */
const ruleTypes = 0xff00;
const jobRules = 0x400;
const selectMask = 0xff;

/**
 * As dnf has them (libdnf's goal, without weak dependencies): versions and vendors may change, nothing installed is
 * removed, packages that are gone from the repositories stay.
 */
const dnfFlags: readonly (readonly [flag: number, value: number])[] = [
  [1, 1], // SOLVER_FLAG_ALLOW_DOWNGRADE
  [3, 1], // SOLVER_FLAG_ALLOW_VENDORCHANGE
  [7, 1], // SOLVER_FLAG_IGNORE_RECOMMENDED
  [12, 1], // SOLVER_FLAG_BEST_OBEY_POLICY
  [18, 1], // SOLVER_FLAG_KEEP_ORPHANS
  [21, 1], // SOLVER_FLAG_YUM_OBSOLETES
];

/** Asks a prepared pool. */
export function solve(pool: SolvPool, { jobs, order }: SolveRequest): SolveEnd {
  using queue = new IdQueue(
    jobs.flatMap(({ action, select, what, isWeak }) => [
      actions[action] | select | (isWeak === true ? weak : 0),
      what,
    ]),
  );
  using solver = new Solver(pool);
  if (libsolv().solver_solve(solver.pointer, queue.memory) !== 0) {
    return { kind: 'unsolvable', facts: solver.facts() };
  }
  return { kind: 'solved', ...(order === true ? solver.orderedResult() : solver.result()) };
}

class Solver implements Disposable {
  readonly pointer: Pointer;
  readonly #pool: SolvPool;

  constructor(pool: SolvPool) {
    const solv = libsolv();
    this.#pool = pool;
    this.pointer = solv.solver_create(pool.pointer);
    for (const [flag, value] of dnfFlags) solv.solver_set_flag(this.pointer, flag, value);
  }

  /** Decisions of libsolv: a package that will be there, or with a minus one that will not. */
  result(): { readonly installs: readonly number[]; readonly erases: readonly number[] } {
    const decided = filled((queue) => libsolv().solver_get_decisionqueue(this.pointer, queue));
    return {
      installs: decided.filter((id) => id > 1 && !this.#pool.isInstalled(id)),
      erases: decided.flatMap((id) => (id < 0 && this.#pool.isInstalled(-id) ? [-id] : [])),
    };
  }

  orderedResult(): { readonly installs: readonly number[]; readonly erases: readonly number[] } {
    const solv = libsolv();
    const transaction = solv.solver_create_transaction(this.pointer);
    try {
      solv.transaction_order(transaction, 0);
      const steps = transactionStepIds(transaction);
      const { erases } = this.result();
      return { installs: steps.filter((id) => !this.#pool.isInstalled(id)), erases };
    } finally {
      solv.transaction_free(transaction);
    }
  }

  facts(): SolveFact[] {
    const solv = libsolv();
    const facts = new Map<string, SolveFact>();
    const count = solv.solver_problem_count(this.pointer);
    for (let problem = 1; problem <= count; problem++) {
      const rules = filled((queue) => solv.solver_findallproblemrules(this.pointer, problem, queue));
      for (const rule of rules) {
        const [from, to, dependency]: [number[], number[], number[]] = [[0], [0], [0]];
        const type = solv.solver_ruleinfo(this.pointer, rule, from, to, dependency);
        const [target = 0, dep = 0] = [to[0], dependency[0]];
        // of a rule for a job it says which job
        const isJob = (type & ruleTypes) === jobRules;
        const source = isJob ? 0 : (from[0] ?? 0);
        const text = solv.solver_problemruleinfo2str(this.pointer, type, from[0] ?? 0, target, dep);
        facts.set(text, {
          kind: kindOf(type),
          from: source,
          to: isJob ? 0 : target,
          dependency: dep,
          select: isJob ? target & selectMask : 0,
          text,
        });
      }
    }
    return [...facts.values()];
  }

  [Symbol.dispose](): void {
    libsolv().solver_free(this.pointer);
  }
}

/** Of libsolv's SolverRuleinfo, what explanations tell apart. */
function kindOf(type: number): SolveFact['kind'] {
  switch (type) {
    case 0x101:
      return 'not-installable';
    case 0x102:
    case 0x401:
      return 'nothing-provides';
    case 0x103:
      return 'requires';
    case 0x104:
    case 0x105:
    case 0x106:
    case 0x107:
    case 0x108:
    case 0x109:
      return 'conflicts';
    case 0x400:
    case 0x402:
    case 0x403:
    case 0x404:
      return 'request';
    default:
      return 'other';
  }
}
