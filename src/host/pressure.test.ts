// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parsePressure } from './pressure.ts';

test('the share of the last ten seconds in which something waited', () => {
  const text = `some avg10=4.25 avg60=50.79 avg300=32.24 total=226994649
full avg10=1.00 avg60=0.00 avg300=0.00 total=0
`;
  expect(parsePressure(text)).toBe(0.0425);
  expect(parsePressure('')).toBeUndefined();
});
