// SPDX-License-Identifier: GPL-2.0-or-later
import { type FailureRule, rulesOf } from '../../../distro/failure-rule.ts';

/** perl, python, ruby, go, rust, java and node: their compilers, interpreters and package tools. */
export const languageRules: readonly FailureRule[] = [
  ...rulesOf('missing-dependency', 'certain', [
    ['missing-perl-module', ["Can't locate "], /Can't locate (?<what>[\w/]+\.pm) in @INC/],
    [
      'missing-python-module',
      ['ModuleNotFoundError'],
      /ModuleNotFoundError: No module named '(?<what>[^'.]+)/,
    ],
    ['missing-python-module', ['Backend'], /Backend '(?<what>[^'.]+)[^']*' is not available/],
    [
      'missing-python-module',
      ['Unmet dependencies', 'Missing dependencies'],
      /ERROR (?:Unmet|Missing) dependencies:/,
    ],
    ['missing-ruby-library', ['cannot load such file'], /cannot load such file -- (?<what>\S+)/],
    [
      'missing-ruby-library',
      ['Could not find '],
      /Could not find (?:gem )?'?(?<what>[\w-]+)'? .*(?:in any of|in locally installed gems)/,
    ],
    [
      'missing-go-package',
      ['cannot find package', 'is not in GOROOT', 'is not in std'],
      /(?:cannot find package "(?<what>[^"]+)"|package (?<what2>\S+) is not in (?:GOROOT|std))/,
    ],
    [
      'missing-go-package',
      ['no required module provides package', 'cannot find module providing package'],
      /(?:no required module provides package|cannot find module providing package) (?<what>[^\s;:]+)/,
    ],
    [
      'missing-crate',
      ['no matching package'],
      /error: no matching package(?: named [`'](?<what>[^`']+)[`'] found)?/,
    ],
    ['missing-crate', ["can't find crate for"], /error\[E0463\]: can't find crate for `(?<what>[^`]+)`/],
    ['missing-java-package', ['does not exist'], /error: package (?<what>[\w.]+) does not exist/],
    [
      'missing-node-module',
      ['Cannot find module', 'Cannot find package'],
      /Error(?: \[ERR_MODULE_NOT_FOUND\])?: Cannot find (?:module|package) '(?<what>(?!\.|\/)[^']+)'/,
    ],
  ]),
  ...rulesOf(
    'compile-error',
    'certain',
    [
      [
        'perl-syntax',
        ['syntax error at'],
        /^(?:# +(?:Error: +)?)?(?<what>syntax error) at \S+ line \d+, near/,
      ],
      [
        'python-syntax',
        ['SyntaxError: ', 'IndentationError: ', 'TabError: '],
        /^(?:E +)?(?<what>(?:SyntaxError|IndentationError|TabError): .*)/,
      ],
      ['ruby-syntax', ['syntax error'], /^\S+\.rb:\d+: (?<what>syntax errors?.*)/],
      ['node-syntax', ['SyntaxError: '], /^(?<what>SyntaxError: .*)/],
    ],
    true,
  ),
  ...rulesOf('compile-error', 'certain', [
    [
      'go-compile',
      ['.go:'],
      /^(?:\.\/)?\S+\.go:\d+:\d+: (?<what>(?!.*(?:no required module|cannot find package|is not in GOROOT)).+)/,
    ],
    ['rust-compile', ['error[E'], /^error\[(?<what>E\d+)\]: /],
    ['cython-compile', ['.pyx:', '.pxd:', '.pxi:'], /^\S+\.p(?:yx|xd|xi):\d+:\d+: (?<what>.*)/],
    ['java-compile', ['.java:'], /^\S+\.java:\d+: error: (?<what>.*)/],
  ]),
  ...rulesOf('compile-error', 'likely', [
    [
      'rust-compile',
      ['error: '],
      /^error: (?<what>(?!could not compile|test failed|failed to|build failed|aborting|process didn't|no matching|linking with|the lock file).*)/,
    ],
  ]),
  ...rulesOf('linker-error', 'likely', [
    ['rust-link', ['linking with'], /^error: linking with `\S+` failed/],
  ]),
  ...rulesOf('of-step', 'likely', [
    ['perl-dies', ["Can't "], /^(?<what>Can't (?:locate object method|open|use|find).*?) at \S+ line \d+/],
    [
      'python-error',
      ['Error', 'Exception'],
      /^(?<what>(?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception)(?:: .*)?)$/,
    ],
    ['java-exception', ['Exception in thread'], /^Exception in thread "[^"]*" (?<what>\S+)/],
    ['node-error', ['Error'], /^(?:Uncaught )?(?<what>(?:Type|Reference|Range)?Error(?: \[\w+\])?: .*)/],
    ['ruby-error', ['Error)'], /^\S+\.rb:\d+:in .*: (?<what>.*\(\w+(?:::\w+)*Error\))/],
  ]),
];
