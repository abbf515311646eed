// SPDX-License-Identifier: GPL-2.0-or-later
import { type FailureRule, rulesOf } from './failure-rule.ts';

/** What the tools say with which any packaging system unpacks a source's archives. */
export const archiveFailureRules: readonly FailureRule[] = rulesOf('unpack', 'certain', [
  [
    'cut-archive',
    ['nexpected '],
    /^(?:tar|(?:un)?xz|gzip|bzip2|(?:un)?zstd): (?:.*: )?(?<what>[Uu]nexpected (?:EOF|end of)).*/,
  ],
  [
    'bad-archive',
    [
      'ormat not recognized',
      'not in gzip format',
      'ot a bzip2',
      'does not look like a tar',
      'data is corrupt',
    ],
    /^(?:tar|(?:un)?xz|gzip|bzip2|(?:un)?zstd): (?<what>.*)/,
  ],
]);
