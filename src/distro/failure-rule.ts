// SPDX-License-Identifier: GPL-2.0-or-later
import type { FailureClass } from '../events/failure.ts';

/** The part of a build in which a line was said. */
export type BuildStep = 'unpack' | 'configure' | 'build' | 'test' | 'install';

/**
 * `certain`: hardly ever said unless it is why the build fails · `likely`: now and then said in passing · `hint`: better
 * than nothing · `trace`: passes on that something failed before.
 */
export type Weight = 'certain' | 'likely' | 'hint' | 'trace';

/** How a tool says that it failed. */
export interface FailureRule {
  /** Stable, in kebab-case: a fingerprint begins with it, so that different tools may share one. */
  readonly name: string;
  /** `of-step`: what a failure of the step at hand is called. */
  readonly class: FailureClass | 'of-step';
  readonly weight: Weight;
  /** Each matching line contains one of these, letter by letter: lines with none of any rule are not looked at. */
  readonly words: readonly [string, ...string[]];
  /**
   * Matched against one line without colours. A group `what` is the failure's subject, as it counts for the fingerprint;
   * without one, that is the whole line.
   */
  readonly pattern: RegExp;
  /**
   * Where the line counts only behind others: matched against the two before, blank ones not counted, joined by a line feed;
   * may have the group `what`, and then the first of the two is the decisive one. It is one of the two that contains a word.
   */
  readonly after?: RegExp;
  /** Whether it weighs as much in tests, which print the messages of compilers and tools on purpose. */
  readonly isWeightyInTests: boolean;
}

/** What a packaging system knows of how its builds fail. */
export interface FailureKnowledge {
  readonly rules: readonly FailureRule[];
  /** Its line that begins a step; the steps before have passed. Undefined for any other line. */
  readonly stepOf: (line: string) => BuildStep | 'other' | undefined;
  /** Each such line contains one of these. */
  readonly stepWords: readonly string[];
}

type Said = readonly [name: string, words: FailureRule['words'], pattern: RegExp, after?: RegExp];

/** Rules of one class and weight, for tables of them. */
export function rulesOf(
  failureClass: FailureRule['class'],
  weight: Weight,
  said: readonly Said[],
  isWeightyInTests = !ofTools.includes(failureClass),
): readonly FailureRule[] {
  return said.map(([name, words, pattern, after]) => ({
    name,
    class: failureClass,
    weight,
    words,
    pattern,
    isWeightyInTests,
    ...(after === undefined ? {} : { after }),
  }));
}

const ofTools: readonly FailureRule['class'][] = [
  'compile-error',
  'linker-error',
  'configure',
  'build-system',
  'install',
  'patch',
  'documentation',
  'crash',
];
