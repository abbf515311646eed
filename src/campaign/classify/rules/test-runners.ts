// SPDX-License-Identifier: GPL-2.0-or-later
import { type FailureRule, rulesOf } from '../../../distro/failure-rule.ts';

/** TAP and prove, automake, ctest, meson, pytest, unittest, minitest, rspec, go, cargo, JUnit, node. */
export const testRunnerRules: readonly FailureRule[] = [
  ...rulesOf('timeout', 'likely', [
    ['test-timeout', ['***Timeout'], /^\s*\d+\/\d+ Test +#\d+: (?<what>\S+) \.*\*+Timeout/],
    ['test-timeout', ['TIMEOUT'], /^\s*\d+\/\d+ (?<what>.*?) +TIMEOUT\b/],
    ['test-timeout', ['Timeout'], /^(?:E +)?(?:Failed: |pytest_timeout\.)?(?<what>Timeout(?: \(?>\d|>))/],
    ['test-timeout', ['panic: test timed out'], /^panic: (?<what>test timed out)/],
    [
      'test-timeout',
      ['imed out after', 'imeout after'],
      /^(?:not ok|FAIL|ERROR|#).*(?<what>[Tt]imed? ?out after)/,
    ],
  ]),
  ...rulesOf('test-failure', 'likely', [
    ['perl-test', ['Failed test'], /^ *# +Failed test(?: (?<what>['"].*))?/],
    ['tap', ['not ok'], /^\s*not ok\b(?!.*# (?:TODO|SKIP))(?<what>.*)/],
    // what a test script died of stands before what prove says of it
    ['perl-dies', ['Undefined subroutine '], /^(?<what>Undefined subroutine &\S+) called at /],
    ['prove', ['Dubious, test returned'], /(?<what>Dubious, test returned)/],
    ['prove', ['Result: FAIL'], /^Result: (?<what>FAIL)/],
    ['automake-test', ['FAIL: ', 'ERROR: '], /^(?:FAIL|ERROR|XPASS): (?<what>(?!\d)\S+.*)/],
    [
      'ctest',
      ['***'],
      /^\s*\d+\/\d+ Test +#\d+: (?<what>\S+) \.*(?:Subprocess aborted)?\*+(?:Failed|Exception|Not Run|Subprocess aborted)/,
    ],
    ['meson-test', ['FAIL', 'ERROR'], /^\s*\d+\/\d+ (?<what>.*?) +(?:FAIL|ERROR)\b/],
    ['pytest', ['E   '], /^E {3,}(?<what>(?:assert |\w[\w.]*(?:Error|Exception|Failed|Warning)\b).*)/],
    ['python-test', ['FAIL: ', 'ERROR: '], /^(?:FAIL|ERROR): (?<what>\w+ \(\S+\))/],
    ['minitest', ['Failure:', 'Error:'], /^ *(?:\d+\) )?(?<what>(?:Failure|Error):)$/],
    ['rspec', ['Failure/Error: '], /Failure\/Error: (?<what>.*)/],
    ['go-test', ['--- FAIL: '], /^\s*--- FAIL: (?<what>\S+)/],
    ['go-test', ['panic: '], /^(?<what>panic: (?!test timed out).*)/],
    ['cargo-test', ['FAILED'], /^test (?<what>\S+) \.\.\. FAILED/],
    ['cargo-test', ['panicked at'], /^thread '(?<what>[^']+)'.* panicked at/],
    ['junit', ['Tests run:'], /Tests run: \d+, +Failures: (?!0, +Errors: 0\b)\d+/],
    ['gtest', ['[  FAILED  ]'], /^(?:\d+: )?\[ {2}FAILED {2}\] (?<what>\S+)/],
    ['gtest', [': Failure'], /^(?:\d+: )?\S+:\d+: Failure$/],
    ['node-test', ['AssertionError'], /(?<what>AssertionError(?: \[ERR_ASSERTION\])?: .*)/],
  ]),
  ...rulesOf('test-failure', 'hint', [
    ['pytest', ['FAILED ', 'ERROR '], /^(?:FAILED|ERROR) (?<what>\S+::\S+)/],
    [
      'tests-failed',
      ['tests failed', 'failed tests', 'Tests failed', 'FAILED (', ' failed out of '],
      /(?:^\d+% tests passed, \d+ tests? failed|tests? failed|FAILED \((?:failures|errors)=)/,
    ],
  ]),
];

/** Lines with which tests begin, in packages that don't say so otherwise. */
export const testsBegin = {
  words: [
    'check-TESTS',
    'test session starts',
    'Test project ',
    'PERL_DL_NONLAZY',
    'prove ',
    'Running tests...',
    'go test ',
  ],
  pattern:
    /^(?:make +check-TESTS|=+ test session starts|Test project \/|PERL_DL_NONLAZY=|prove |Running tests\.\.\.|\t?go test )/,
} as const;
