// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logName, resultName, resultNameOf } from './result-name.ts';

const version = fc.stringMatching(/^(\d{1,2}:)?\d[0-9a-z.+~-]{0,8}$/);
const source = fc.record({ name: fc.stringMatching(/^[a-z0-9][a-z0-9.+-]{1,8}$/), version });

test('the log of an attempt tells where its results are', () => {
  fc.assert(
    fc.property(source, fc.integer({ min: 1, max: 12 }), (one, attempt) => {
      expect(resultNameOf({ log: logName(one, attempt), attempt })).toBe(resultName(one));
    }),
  );
});

test('different versions have different names, also where only the epoch differs', () => {
  fc.assert(
    fc.property(version, version, (one, other) => {
      const [first, second] = [one, other].map((text) => resultName({ name: 'x', version: text }));
      expect(first === second).toBe(one === other);
    }),
  );
  expect(resultName({ name: 'bind9', version: '1:9.18-1' })).toBe('bind9_1%3a9.18-1');
});

test('what an earlier version wrote without the epoch is found', () => {
  expect(resultNameOf({ log: 'logs/bind9_9.18-1.log', attempt: 1 })).toBe('bind9_9.18-1');
  expect(resultNameOf({ log: 'logs/bind9_9.18-1.2.log', attempt: 2 })).toBe('bind9_9.18-1');
});
