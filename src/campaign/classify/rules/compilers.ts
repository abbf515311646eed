// SPDX-License-Identifier: GPL-2.0-or-later
import { type FailureRule, rulesOf } from '../../../distro/failure-rule.ts';

/** gcc, clang, assemblers and linkers (messages of gcc 12 to 15, clang 14 to 19, binutils' ld, gold, lld). */
export const compilerRules: readonly FailureRule[] = [
  ...rulesOf('missing-dependency', 'certain', [
    [
      'missing-header',
      ['No such file or directory'],
      /^\S+:\d+(?::\d+)?: (?:fatal )?error: (?<what>[^:]+): No such file or directory/,
    ],
    ['missing-header', ['file not found'], /: fatal error: '(?<what>[^']+)' file not found/],
    ['missing-library', ['cannot find -l'], /\bcannot find -l(?<what>[^\s:]+)/],
    ['missing-library', ['unable to find library'], /unable to find library -l(?<what>\S+)/],
  ]),
  ...rulesOf('compile-error', 'certain', [
    [
      'implicit-declaration',
      ['implicit declaration of function', 'undeclared function'],
      /error: (?:implicit declaration of function|call to undeclared (?:library )?function) ['‘](?<what>[^'’]+)['’]/,
    ],
    ['warning-as-error', ['[-Werror'], /: error: .*\[(?<what>-Werror[=,][^\]]+)\]/],
    [
      'undeclared',
      [
        'does not name a type',
        'unknown type name',
        'was not declared',
        'undeclared',
        'has not been declared',
      ],
      /error: (?:unknown type name )?['‘](?<what>[^'’]+)['’](?: in namespace .*)?(?: was not declared| does not name a type| undeclared| has not been declared|; did you mean|$)/,
    ],
    ['missing-member', ['has no member named'], /error: .* has no member named ['‘](?<what>[^'’]+)['’]/],
    [
      'compile-error',
      ['rror: '],
      /^(?:[^\s:]+:)?\d*:?[^\s:]+\.(?:c|h|cc|cpp|cxx|C|hh|hpp|hxx|inc|ipp|tcc|m|mm|d|f|F|f90|F90|l|y|ll|yy|vala|cu|cppm)(?::\d+|\(\d+\))+: (?:fatal )?[Ee]rror: (?<what>.*)/,
    ],
    ['fortran-error', ['rror: '], /^(?:Fatal )?Error: (?<what>.* at \(1\).*)/],
    ['assembler-error', ['Error: '], /^[^\s:]+:\d+: Error: (?<what>.*)/],
  ]),
  ...rulesOf('compile-error', 'likely', [
    [
      'compiler-refuses',
      ['error: '],
      /^(?:cc1(?:plus)?|gcc|g\+\+|cc|c\+\+|clang|[\w-]+-g(?:cc|\+\+))(?:-\d+)?: (?:fatal )?error: (?<what>.*)/,
    ],
  ]),
  ...rulesOf('linker-error', 'certain', [
    [
      'undefined-reference',
      ['undefined reference to', 'undefined symbol: '],
      /(?:undefined reference to|\berror: undefined symbol:) [`'‘]?(?<what>[^'’]+)/,
    ],
    [
      'multiple-definition',
      ['multiple definition of', 'duplicate symbol: '],
      /(?:multiple definition of|duplicate symbol:) [`'‘]?(?<what>[^'’;]+)/,
    ],
    [
      'linker-refuses',
      [
        'relocation',
        'DSO missing',
        'file format not recognized',
        'incompatible with',
        'file in wrong format',
      ],
      /\b(?:ld|ld\.gold|ld\.bfd|ld\.lld|lld)(?:: .*)?: (?:.*: )?(?<what>relocation .* can not be used.*|.*DSO missing from command line|file format not recognized.*|.* is incompatible with .*|file in wrong format)/,
    ],
    ['lto-error', ['lto1: ', 'lto-wrapper: '], /^lto(?:1|-wrapper): (?:fatal )?error: (?<what>.*)/],
  ]),
  ...rulesOf('linker-error', 'hint', [
    ['linker-failed', ['ld returned'], /collect2: error: ld returned \d+ exit status/],
    ['linker-failed', ['linker command failed'], /clang.*: error: linker command failed/],
  ]),
];
