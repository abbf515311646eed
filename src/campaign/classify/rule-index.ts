// SPDX-License-Identifier: GPL-2.0-or-later
import type { FailureKnowledge, FailureRule } from '../../distro/failure-rule.ts';
import { generalRules } from './general-rules.ts';
import { testsBegin } from './rules/test-runners.ts';

/** A rule with its place among all: the smaller one counts where two match one line with equal weight. */
export interface PlacedRule {
  readonly place: number;
  readonly rule: FailureRule;
}

/** What a line's words make it worth. */
export interface Candidates {
  /** In order of their places. */
  readonly rules: readonly PlacedRule[];
  /** Whether the lines behind it may matter. */
  readonly isLeader: boolean;
  /** Whether it may begin a step, or tests. */
  readonly isBoundary: boolean;
}

/**
 * Finds by a line's words which rules may match it. A log of 200 MB has millions of lines and most have no word of any
 * rule, so that they cost one search of one expression; the words in it are the shortest of those that contain each other.
 */
export class RuleIndex {
  /** Rules that look at the lines before, too. */
  readonly followers: readonly PlacedRule[];
  readonly #words: RegExp;
  readonly #byWord = new Map<string, Candidates>();

  constructor(knowledge: FailureKnowledge) {
    const placed = [...knowledge.rules, ...generalRules].map((rule, place) => ({ place, rule }));
    this.followers = placed.filter(({ rule }) => rule.after !== undefined);
    const direct = placed.filter(({ rule }) => rule.after === undefined);
    const leaders = this.followers.flatMap(({ rule }) => rule.words);
    const boundaries = [...knowledge.stepWords, ...testsBegin.words];
    const all = [...direct.flatMap(({ rule }) => rule.words), ...leaders, ...boundaries];
    const shortest = [...new Set(all)].filter(
      (word) => !all.some((other) => other !== word && word.includes(other)),
    );
    const has = (words: readonly string[], word: string): boolean => words.some((one) => one.includes(word));
    for (const word of shortest) {
      this.#byWord.set(word, {
        rules: direct.filter(({ rule }) => has(rule.words, word)),
        isLeader: has(leaders, word),
        isBoundary: has(boundaries, word),
      });
    }
    this.#words = new RegExp(shortest.map((word) => RegExp.escape(word)).join('|'), 'g');
  }

  /** What the line's words ask for; undefined where it has none. */
  candidates(line: string): Candidates | undefined {
    const words = this.#words;
    words.lastIndex = 0;
    let first: Candidates | undefined;
    let others: Set<Candidates> | undefined;
    for (let match = words.exec(line); match !== null; match = words.exec(line)) {
      // Words may overlap: the next begins behind this one's beginning.
      words.lastIndex = match.index + 1;
      const found = this.#byWord.get(match[0]);
      if (found === undefined || found === first) continue;
      if (first === undefined) first = found;
      else (others ??= new Set()).add(found);
    }
    if (first === undefined || others === undefined) return first;
    const together = [first, ...others];
    const rules = new Map(together.flatMap((one) => one.rules.map((placed) => [placed.place, placed])));
    return {
      rules: [...rules.values()].toSorted((a, b) => a.place - b.place),
      isLeader: together.some(({ isLeader }) => isLeader),
      isBoundary: together.some(({ isBoundary }) => isBoundary),
    };
  }
}
