// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { findDependencyCycle } from './dependency-cycle.ts';
import { parseDpkgStatus } from './dpkg-status.ts';

function installed(text: string): ReturnType<typeof findDependencyCycle> {
  return findDependencyCycle('a', parseDpkgStatus(text).values());
}

const paragraph = (name: string, depends: string, provides = ''): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: 1\nDepends: ${depends}\nProvides: ${provides}\n`;

test('a cycle through the package is found, through alternatives and provided names', () => {
  const text = [
    paragraph('a', 'b (>= 1) | x'),
    paragraph('b', 'virtual'),
    paragraph('c', 'a', 'virtual (= 2)'),
  ];
  expect(installed(text.join('\n'))).toEqual(['a', 'b', 'c', 'a']);
});

test('a cycle that does not go through the package is none of its', () => {
  const text = [paragraph('a', 'b'), paragraph('b', 'c'), paragraph('c', 'b')];
  expect(installed(text.join('\n'))).toBeUndefined();
});
