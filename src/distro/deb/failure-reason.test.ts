// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { failureReason } from './failure-reason.ts';

test('the compiler says more than make', () => {
  const tail = [
    'make[1]: Entering directory',
    'src/main.c:3:10: fatal error: nosuch.h: No such file or directory',
    'compilation terminated.',
    'make[1]: *** [Makefile:5: main.o] Error 1',
    'dh_auto_build: error: make -j2 returned exit code 2',
    'make: *** [debian/rules:4: binary] Error 25',
    'dpkg-buildpackage: error: debian/rules binary subprocess returned exit status 2',
  ].join('\n');
  expect(failureReason(tail)).toBe('src/main.c:3:10: fatal error: nosuch.h: No such file or directory');
});

test('where only what was passed on is left, that is the reason', () => {
  expect(failureReason('make: *** [debian/rules:4: binary] Error 25\n')).toContain('Error 25');
  expect(failureReason('something quiet\n\n')).toBe('something quiet');
  expect(failureReason('')).toBe('no output');
});
