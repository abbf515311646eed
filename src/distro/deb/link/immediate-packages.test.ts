// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parseDeb822 } from '../deb822.ts';
import { immediatePackages } from './immediate-packages.ts';

const status = `Package: apt
Status: install ok installed
Depends: there | elsewhere, base

Package: dash
Status: install ok installed
Essential: yes
Pre-Depends: shell-library (>= 2)

Package: other
Status: install ok installed
Depends: unimportant
`;

const added = parseDeb822(`Package: elsewhere
Depends: deeper

Package: deeper

Package: shell-library

Package: unimportant

Package: guarded
Protected: yes
`);

test('what important packages depend on is configured at once, also where another alternative is there', () => {
  expect([...immediatePackages(status, added)]).toEqual(['elsewhere', 'deeper', 'shell-library', 'guarded']);
});
