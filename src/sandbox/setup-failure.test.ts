// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { explainSetupFailure } from './setup-failure.ts';

test('keeps what was said, and adds what helps where that is known', () => {
  expect(explainSetupFailure("bwrap: Can't mount proc on /newroot/proc: Operation not permitted\n")).toMatch(
    /^bwrap: Can't mount proc .*\(.*container.*\)$/,
  );
  expect(explainSetupFailure('bwrap: something else\n')).toBe('bwrap: something else');
  expect(explainSetupFailure(' \n')).toBe('the sandbox ended before it was set up');
});
