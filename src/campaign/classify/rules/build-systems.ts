// SPDX-License-Identifier: GPL-2.0-or-later
import { type FailureRule, rulesOf } from '../../../distro/failure-rule.ts';

/** cmake says where, and in the next lines what; where it only warns, the same lines follow another first one. */
const cmakeError = /^CMake Error(?: at |:| in )/m;

/** autotools, cmake, meson, make and ninja, and the shells that they call. */
export const buildSystemRules: readonly FailureRule[] = [
  ...rulesOf('missing-dependency', 'certain', [
    [
      'missing-program',
      ["'LIBTOOL' is undefined"],
      /error: (?<what>Libtool) library used but 'LIBTOOL' is undefined/,
    ],
    [
      'missing-module',
      ['Package requirements ('],
      /configure: error: Package requirements \((?<what>[^)]*)\) were not met/,
    ],
    [
      'missing-cmake-package',
      ['CMake Error'],
      /^ {2}(?:Could NOT find|Failed to find(?: all)?) (?<what>[\w+.-]+)/,
      /^CMake Error at \S*FindPackageHandleStandardArgs/m,
    ],
    ['missing-cmake-package', ['CMake Error'], /provided by "(?<what>[^"]+)"/, cmakeError],
    [
      'missing-module',
      ['CMake Error'],
      /^ {2}(?:A|The following) required packages? (?:was|were) not found/,
      /(?:Package|No package) '(?<what>[^']+)'.*\nCMake Error at \S*FindPkgConfig/,
    ],
    [
      'missing-module',
      ['ERROR: '],
      /ERROR: Dependency "?(?<what>[^" ]+)"? (?:\([^)]*\) )?not found|ERROR: Dependency lookup for (?<what2>\S+) with method/,
    ],
    [
      'missing-library',
      ['shared or static library'],
      /ERROR: \S+ shared or static library ['"](?<what>[^'"]+)['"] not found/,
    ],
    [
      'missing-program',
      ['ERROR: Program'],
      /ERROR: Program ['"]?(?<what>[^'"\s]+).* not found or not executable|ERROR: Program\(s\) \[(?<what2>[^\]]+)\] not found/,
    ],
    [
      'missing-program',
      ['No such file or directory'],
      /^make(?:\[\d+\])?: (?<what>[\w.+-]+): No such file or directory/,
    ],
    [
      'missing-requirement',
      ['configure: error: '],
      /configure: error: (?<what>.*(?:not found|not be found|n't find|required|is missing|cannot find|could not find|no usable|need).*)/,
    ],
  ]),
  ...rulesOf('missing-dependency', 'likely', [
    ['missing-program', ['not found'], /^\S+: (?:line )?\d+: (?<what>[\w./+-]+): (?:command )?not found/],
    [
      'missing-program',
      ['command not found'],
      /^(?:\S+: )?(?:line \d+: )?(?<what>[\w./+-]+): command not found/,
    ],
    [
      'missing-program',
      ['is missing on your system'],
      /'(?<what>[^']+)' is (?:needed, and is |)missing on your system/,
    ],
    [
      'missing-module',
      ['required by ', 'No package '],
      /^(?:-- )?\s*(?:Package|No package) '(?<what>[^']+)'(?:, required by '[^']*', not)? found/,
    ],
  ]),
  ...rulesOf('configure', 'certain', [
    ['configure-error', ['configure: error: '], /configure: error: (?<what>(?!in [`']).*)/],
    ['undefined-macro', ['possibly undefined macro'], /error: possibly undefined macro: (?<what>\S+)/],
    [
      'missing-template',
      ['cannot find input file'],
      /config\.status: error: cannot find input file: (?<what>.*)/,
    ],
    [
      'unexpanded-macro',
      ['syntax error near unexpected token'],
      /configure: line \d+: syntax error near unexpected token/,
    ],
    ['autotools-error', ['error: '], /^(?:configure\.(?:ac|in)|\S*\.(?:m4|am)):\d+: error: (?<what>.*)/],
    ['cmake-message', ['CMake Error'], /^ {2}(?<what>\S.*)/, /^CMake Error at \S+ \(message\):/m],
    ['meson-error', ['ERROR: Problem encountered'], /ERROR: Problem encountered: (?<what>.*)/],
  ]),
  ...rulesOf('build-system', 'certain', [
    [
      'no-rule',
      ['No rule to make target'],
      /^make(?:\[\d+\])?: \*\*\* No rule to make target '(?<what>[^']+)'(?!.*\(ignored\))/,
    ],
    [
      'makefile-error',
      [
        '*** missing separator',
        '*** unterminated',
        '*** recipe commences',
        '*** multiple target',
        '*** target pattern',
      ],
      /^\S+:\d+: \*\*\* (?<what>(?:missing separator|unterminated|recipe commences|multiple target|target pattern).*)/,
    ],
    ['ninja-error', ['ninja: error: '], /^ninja: error: (?<what>.*)/],
    ['cmake-missing-source', ['CMake Error'], /^ {2}(?<what>Cannot find source file)/, cmakeError],
    [
      'cmake-syntax',
      ['Parse error', 'Function missing ending'],
      /^CMake Error at \S+: *$|^ {2}Parse error|^Parse error|Function missing ending/,
    ],
    [
      'meson-error',
      ['ERROR: '],
      /^(?:\S*meson\.build|\S*meson_options\.txt|\S*meson\.options):\d+:\d+: ERROR: (?<what>.*)/,
    ],
  ]),
  ...rulesOf('build-system', 'likely', [
    ['cmake-error', ['CMake Error'], /^ {2}(?<what>\S.*)/, cmakeError],
    ['makefile-error', ['*** '], /^\S*[Mm]akefile\S*:\d+: \*\*\* (?<what>.*)\. {2}Stop\.$/],
  ]),
  // what make says of a command that a signal ended, or timeout(1)
  ...rulesOf('crash', 'likely', [
    [
      'died',
      ['] Aborted', '] Bus error', '] Illegal instruction', '] Floating point exception'],
      /^g?make(?:\[\d+\])?: \*\*\* \[.*\] (?<what>Aborted|Bus error|Illegal instruction|Floating point exception)/,
    ],
  ]),
  ...rulesOf('timeout', 'likely', [
    ['timeout', ['] Error 124'], /^g?make(?:\[\d+\])?: \*\*\* \[(?:\S+: )?(?<what>.*)\] Error 124$/],
  ]),
  ...rulesOf('of-step', 'trace', [
    ['make', ['*** ['], /^g?make(?:\[\d+\])?: \*\*\* \[.*\] (?!.*\(ignored\))/],
    ['ninja', ['ninja: build stopped'], /^ninja: build stopped/],
  ]),
];
