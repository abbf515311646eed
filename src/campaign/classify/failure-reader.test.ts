// SPDX-License-Identifier: GPL-2.0-or-later
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { debianFailures } from '../../distro/deb/failure-rules.ts';
import type { Failure } from '../../events/failure.ts';
import { FailureReader } from './failure-reader.ts';
import { generalRules } from './general-rules.ts';

const build = '== 2026-03-01T12:00:00.000Z +0.0s build ==';
const check = (name: string): string => `== 2026-03-01T12:00:00.000Z +1.0s install-check: ${name} ==`;

function read(lines: readonly string[], reason = ''): Failure {
  const reader = new FailureReader(debianFailures, { source: 'hive', version: '1.0-1' });
  for (const line of lines) reader.take(line);
  return reader.end(reason);
}

test('with parallel make the first error decides, not what follows from it', () => {
  const failure = read([
    build,
    'cc -c a.c',
    'b.c:3:10: fatal error: zlib.h: No such file or directory',
    'make[1]: *** [Makefile:4: b.o] Error 1',
    'make[1]: *** Waiting for unfinished jobs....',
    'c.c:9:1: error: expected declaration before end of file',
    'make: *** [debian/rules:3: binary] Error 2',
  ]);
  expect(failure).toEqual({
    class: 'missing-dependency',
    lines: [{ line: 3, text: 'b.c:3:10: fatal error: zlib.h: No such file or directory' }],
    fingerprint: 'missing-header: zlib.h',
  });
});

test('what a step printed that passed is not why a later one failed', () => {
  const failure = read([
    build,
    '   dh_auto_configure',
    'conftest.c:2:10: fatal error: attr/xattr.h: No such file or directory',
    '   dh_auto_build',
    'hive.c:2:1: error: expected identifier',
    'make: *** [Makefile:2: all] Error 1',
  ]);
  expect(failure).toMatchObject({ class: 'compile-error', lines: [{ line: 5 }] });
});

test('compilers’ messages in tests weigh less than what the test runner says', () => {
  const failure = read([
    build,
    '   dh_auto_test',
    'sample.c:1:1: error: expected identifier',
    'FAIL: t/parse.sh',
    'FAIL: t/print.sh',
    'make: *** [Makefile:2: check] Error 1',
  ]);
  expect(failure).toMatchObject({ class: 'test-failure', lines: [{ line: 4 }, { line: 5 }] });
});

test('cmake’s lines count only behind an error of cmake', () => {
  const missing = '  Could NOT find ICU (missing: ICU_LIBRARY)';
  const lead = 'CMake Error at FindPackageHandleStandardArgs.cmake:230 (message):';
  expect(read([build, '   dh_auto_configure', lead, missing])).toMatchObject({
    class: 'missing-dependency',
    lines: [{ line: 4, text: missing }],
    fingerprint: 'missing-cmake-package: ICU',
  });
  const warned = read([
    build,
    '   dh_auto_configure',
    lead.replace('Error', 'Warning'),
    missing,
    '',
    'E: gone',
  ]);
  expect(warned.class).toBe('unknown');
});

test('checks of further packages don’t hide the one that failed', () => {
  const failure = read([
    build,
    check('hive'),
    ' installed hive package post-installation script subprocess returned error exit status 1',
    check('hive-data'),
    'Setting up hive-data (1.0-1) ...',
    '== 2026-03-01T12:00:00.000Z +2.0s failed (install-check): hive ==',
    'dpkg: error: in the explanation after it',
  ]);
  expect(failure).toMatchObject({ class: 'maintainer-script', lines: [{ line: 3 }] });
});

test('where no rule matches, the line before the first that passes the failure on is shown', () => {
  const failure = read([
    build,
    '   dh_auto_build',
    'the bees have gone',
    'make: *** [Makefile:2: all] Error 1',
  ]);
  expect(failure).toEqual({
    class: 'unknown',
    lines: [
      { line: 3, text: 'the bees have gone' },
      { line: 4, text: 'make: *** [Makefile:2: all] Error 1' },
    ],
    fingerprint: 'unknown: the bees have gone',
  });
  expect(read([build, 'all is well'], 'the build left 0 .changes files')).toEqual({
    class: 'unknown',
    lines: [],
    fingerprint: 'unknown: the build left N .changes files',
  });
});

test('colours and rewritten lines don’t matter', () => {
  const plain = 'b.c:3:10: fatal error: zlib.h: No such file or directory';
  expect(read([build, `12%\r45%\r\x1b[1m\x1b[31m${plain}\x1b[0m`]).lines).toEqual([{ line: 2, text: plain }]);
});

test('a rule’s pattern matches only lines with one of its words, or behind its first line', () => {
  for (const rule of [...debianFailures.rules, ...generalRules]) {
    expect(rule.words.length > 0 || rule.after !== undefined, rule.name).toBe(true);
    expect(rule.pattern.global || rule.pattern.sticky, `${rule.name} has no state`).toBe(false);
  }
});

test('any text whatever is read without failing, at most five lines, each where it was', () => {
  const word = fc.constantFrom(
    'error: ',
    'FAIL: ',
    '*** [',
    'CMake Error at x:1 (message):',
    '   dh_auto_test',
    'x.c:1:2: ',
    'Killed',
    '\n',
    'E   ',
    "'",
    ' ',
    '== ',
    '\x1b[31m',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string({ maxLength: 8 })), { maxLength: 60 }), (parts) => {
      const lines = parts.join('').split('\n');
      const failure = read(lines);
      expect(failure.lines.length).toBeLessThanOrEqual(5);
      const numbers = failure.lines.map(({ line }) => line);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      for (const { line, text } of failure.lines) {
        expect(lines[line - 1]?.replaceAll(/\x1b\[[\d;]*[A-Za-z]/g, '')).toContain(text);
      }
    }),
  );
});
