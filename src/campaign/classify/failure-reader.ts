// SPDX-License-Identifier: GPL-2.0-or-later
import type { BuildStep, FailureKnowledge, FailureRule } from '../../distro/failure-rule.ts';
import type { Failure, FailureClass } from '../../events/failure.ts';
import { fingerprintOf, type NamedSource } from './fingerprint.ts';
import { type PlacedRule, RuleIndex } from './rule-index.ts';
import { testsBegin } from './rules/test-runners.ts';

const mostLines = 5;
/** Of a line, what is looked at, and what is kept. */
const looked = 2000;
const kept = 300;

interface Hit {
  readonly rule: FailureRule;
  readonly place: number;
  readonly weight: number;
  readonly class: FailureClass;
  readonly line: number;
  readonly text: string;
  readonly subject: string;
}

interface Line {
  readonly line: number;
  readonly text: string;
}

/**
 * Reads the log of a failed attempt, line by line in order, and says at the end what it tells. It keeps the first lines that
 * each rule matches since the last step began (the steps before have passed, whatever they printed); of them the heaviest
 * decide, the first one most: with parallel builds, what comes after is mostly a consequence.
 */
export class FailureReader {
  readonly #index: RuleIndex;
  readonly #knowledge: FailureKnowledge;
  readonly #named: NamedSource;
  #line = 0;
  #step: BuildStep = 'build';
  #hits: Hit[] = [];
  #hitsOfRule = new Map<FailureRule, number>();
  /** The last two lines that say something, the latest last. */
  #before: readonly [Line, Line] = [noLine, noLine];
  /** How many lines may still belong to one before. */
  #following = 0;
  /** What was said before the first line that only passes a failure on. */
  #beforeTrace: Line | undefined;
  #isOver = false;
  /** Checks go on after one that failed. */
  #isInChecks = false;

  constructor(knowledge: FailureKnowledge, named: NamedSource) {
    this.#index = new RuleIndex(knowledge);
    this.#knowledge = knowledge;
    this.#named = named;
  }

  /** The next line, without its end. */
  take(raw: string): void {
    this.#line++;
    if (this.#isOver || raw === '') return;
    if (raw.startsWith('== ') && this.#isHeading(raw)) return;
    if (isTraced(raw)) return;
    const candidates = this.#index.candidates(raw);
    if (candidates !== undefined || this.#following > 0) {
      const text = plainText(raw);
      if (text === '' || (candidates?.isBoundary === true && this.#isBoundary(text))) return;
      if (this.#following > 0) {
        this.#following--;
        this.#try(this.#index.followers, text);
      }
      if (candidates !== undefined) this.#try(candidates.rules, text);
      if (candidates?.isLeader === true) this.#following = 2;
    }
    if (!saysNothing(raw)) {
      this.#before = [this.#before[1], { line: this.#line, text: raw }];
    }
  }

  /** What the log tells; where it tells nothing, `reason` is what else is known of the failure. */
  end(reason: string): Failure {
    const heaviest = Math.max(0, ...this.#hits.map(({ weight }) => weight));
    const best = this.#hits.filter(({ weight }) => weight === heaviest).toSorted(byLine);
    const [first] = best;
    if (first === undefined || heaviest === weights.trace) return this.#unexplained(first, reason);
    const lines: Line[] = [];
    for (const hit of best) {
      if (hit.class !== first.class || lines.length === mostLines) continue;
      if (lines.at(-1)?.line !== hit.line) lines.push({ line: hit.line, text: hit.text });
    }
    return {
      class: first.class,
      lines,
      fingerprint: fingerprintOf(first.rule.name, first.subject, this.#named),
    };
  }

  /** Headings of the attempt itself: what was found before did not make it fail. */
  #isHeading(text: string): boolean {
    const heading = /^== \d\S+ \+[\d.]+s (.*?)(?: ==)?$/.exec(text)?.[1];
    if (heading === undefined) return false;
    this.#isOver = heading.startsWith('failed (');
    const isCheck = heading.startsWith('install-check');
    if (!this.#isOver && !(isCheck && this.#isInChecks))
      this.#begin(heading === 'build' ? 'build' : 'install');
    this.#isInChecks = isCheck;
    return true;
  }

  /** The beginning of a step: the one before has passed. */
  #isBoundary(text: string): boolean {
    const step = this.#knowledge.stepOf(text);
    if (step !== undefined) this.#begin(step === 'other' ? 'build' : step);
    else if (testsBegin.pattern.test(text)) this.#step = 'test';
    return step !== undefined;
  }

  #begin(step: BuildStep): void {
    this.#step = step;
    this.#hits = [];
    this.#hitsOfRule = new Map();
    this.#before = [noLine, noLine];
    this.#beforeTrace = undefined;
    this.#following = 0;
  }

  #try(rules: readonly PlacedRule[], text: string): void {
    for (const { rule, place } of rules) {
      const hitsSoFar = this.#hitsOfRule.get(rule) ?? 0;
      if (hitsSoFar === mostLines) continue;
      const match = rule.pattern.exec(text);
      if (match === null) continue;
      const before = rule.after?.exec(this.#before.map((one) => plainText(one.text)).join('\n'));
      if (before === null) continue;
      this.#hitsOfRule.set(rule, hitsSoFar + 1);
      const weight = weightIn(this.#step, rule);
      if (weight === weights.trace) {
        const { line, text: said } = this.#before[1];
        this.#beforeTrace ??= { line, text: plainText(said).slice(0, kept) };
      }
      const subject = match.groups?.['what'] ?? match.groups?.['what2'];
      const said = before?.groups?.['what'];
      this.#hits.push({
        rule,
        place,
        weight,
        class: classIn(this.#step, rule),
        line: said === undefined ? this.#line : this.#before[0].line,
        text: (said === undefined ? text : plainText(this.#before[0].text)).slice(0, kept),
        subject: subject ?? said ?? text,
      });
      if (rule.weight === 'trace') return; // it tells nothing itself, whatever else it looks like
    }
  }

  /** Only that something failed is known: the step says what that may be, and the line before it was said may say why. */
  #unexplained(trace: Hit | undefined, reason: string): Failure {
    if (trace === undefined) {
      return { class: 'unknown', lines: [], fingerprint: fingerprintOf('unknown', reason, this.#named) };
    }
    const before =
      this.#beforeTrace === undefined || this.#beforeTrace.text === '' ? [] : [this.#beforeTrace];
    const lines = [...before, { line: trace.line, text: trace.text }];
    const failureClass = this.#step === 'build' ? 'unknown' : ofStep[this.#step];
    return {
      class: failureClass,
      lines,
      fingerprint: fingerprintOf(failureClass, lines[0]?.text ?? '', this.#named),
    };
  }
}

const noLine: Line = { line: 0, text: '' };

const weights = { certain: 4, likely: 3, hint: 2, trace: 1 } as const;

const ofStep: Readonly<Record<BuildStep, FailureClass>> = {
  unpack: 'unpack',
  configure: 'configure',
  build: 'build-system',
  test: 'test-failure',
  install: 'install',
};

/** In tests, what crashes is a test. */
function classIn(step: BuildStep, rule: FailureRule): FailureClass {
  if (rule.class === 'of-step') return ofStep[step];
  return step === 'test' && rule.class === 'crash' ? 'test-failure' : rule.class;
}

/** What a test runner says outweighs tools whose messages its tests may have printed on purpose. */
function weightIn(step: BuildStep, rule: FailureRule): number {
  const weight = weights[rule.weight];
  if (step !== 'test') return weight;
  return Math.min(weight, rule.isWeightyInTests ? weights.likely : weights.hint);
}

/** What a shell says of each command that it runs: not what any of them says. */
function isTraced(line: string): boolean {
  return line.startsWith('+') && /^\++ /.test(line);
}

/** What make says of its way. */
function saysNothing(line: string): boolean {
  return line.startsWith('make') && /^make(?:\[\d+\])?: (?:Entering|Leaving) directory/.test(line);
}

function byLine(a: Hit, b: Hit): number {
  return a.line - b.line || a.place - b.place;
}

/** Without colours, without what was written over on the same line, and cut where it is too long to be a message. */
function plainText(raw: string): string {
  const short = raw.length > looked ? raw.slice(0, looked) : raw;
  const plain = short.includes('\x1b') ? short.replaceAll(/\x1b\[[\d;]*[A-Za-z]/g, '') : short;
  return plain.slice(plain.lastIndexOf('\r', plain.length - 2) + 1).trimEnd();
}
