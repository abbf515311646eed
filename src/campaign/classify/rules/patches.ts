// SPDX-License-Identifier: GPL-2.0-or-later
import { type FailureRule, rulesOf } from '../../../distro/failure-rule.ts';

/** patch and quilt. */
export const patchRules: readonly FailureRule[] = [
  ...rulesOf('patch', 'certain', [
    ['patch-hunk', [' FAILED at '], /^Hunk #\d+ (?<what>FAILED)/],
    // what a silent patch says instead
    ['patch-hunk', [' out of '], /^\d+ out of \d+ hunks? (?<what>FAILED)/],
    ['patch-no-file', ["can't find file to patch"], /(?<what>can't find file to patch)/],
    ['patch-malformed', ['malformed patch'], /patch: \**\s*(?<what>malformed patch)/],
    ['patch-malformed', ['Only garbage was found'], /(?<what>Only garbage was found in the patch input)/],
    [
      'patch-applied',
      ['previously applied) patch detected'],
      /(?<what>Reversed \(or previously applied\) patch detected)/,
    ],
    ['patch-unapplied', ['does not apply'], /^Patch (?<what>\S+) does not apply/],
    [
      'patch-unapplied',
      ['patch does not apply', 'patch failed: '],
      /^error: (?:patch failed: (?<what>[^:]+)|.*patch does not apply)/,
    ],
  ]),
];
