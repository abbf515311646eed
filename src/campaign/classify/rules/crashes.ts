// SPDX-License-Identifier: GPL-2.0-or-later
import { type FailureRule, rulesOf } from '../../../distro/failure-rule.ts';

/** Programs that die instead of ending. In tests it is the tests that fail. */
export const crashRules: readonly FailureRule[] = [
  ...rulesOf('crash', 'certain', [
    ['internal-compiler-error', ['internal compiler error'], /internal compiler error: (?<what>.*)/],
    [
      'compiler-bug',
      ['PLEASE submit a bug report', 'compiler unexpectedly panicked'],
      /(?<what>PLEASE submit a bug report|compiler unexpectedly panicked)/,
    ],
  ]),
  ...rulesOf('crash', 'likely', [
    ['assertion', ['Assertion '], /: Assertion [`'‘](?<what>.*)['’] failed/],
    ['segmentation-fault', ['egmentation fault'], /(?<what>[Ss]egmentation fault)/],
    ['sanitizer', ['Sanitizer: '], /ERROR: (?<what>\w+Sanitizer: [\w-]+)/],
    [
      'stack-smashing',
      ['stack smashing detected', 'buffer overflow detected'],
      /\*\*\* (?<what>stack smashing detected|buffer overflow detected)/,
    ],
    [
      'heap-corruption',
      ['free(): ', 'malloc(): ', 'double free', 'corrupted size'],
      /^(?<what>free\(\): .*|malloc\(\): .*|double free .*|corrupted .*size.*)/,
    ],
    [
      'died',
      ['Aborted', 'Bus error', 'Illegal instruction', 'Floating point exception'],
      /(?:^|[\s:])(?<what>Aborted|Bus error|Illegal instruction|Floating point exception)(?: \(core dumped\)|$)/,
    ],
    ['terminate', ['terminate called'], /^(?<what>terminate called after throwing an instance of .*)/],
  ]),
];
