// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parseDeb822 } from '../deb822.ts';
import { type InstallRound, planRounds } from './install-rounds.ts';
import type { UnpackedPackage } from './unpacked-package.ts';

function unpacked(name: string, fields = ''): UnpackedPackage {
  const controlText = `Package: ${name}\nArchitecture: all\n${fields}`;
  const [control] = parseDeb822(controlText);
  if (control === undefined) throw new Error('no paragraph');
  const scripts = { preinst: '', postinst: '', triggers: '', conffiles: '' };
  const manifest = { entries: [], members: [] };
  const facts = { directory: `/${name}`, name, version: '1', architecture: 'all', control, controlText };
  return { ...facts, manifest, ...scripts };
}

const names = (rounds: InstallRound[] | undefined): unknown =>
  rounds?.map(({ configure, unpack }) => [configure, unpack.map(({ name }) => name)]);

test('what is pre-depended on is configured before, and nothing twice', () => {
  const linked = [unpacked('library'), unpacked('daemon-common', 'Depends: manager\n')];
  const byDpkg = [
    unpacked('manager', 'Pre-Depends: library\n'),
    unpacked('daemon', 'Pre-Depends: daemon-common\n'),
  ];
  expect(names(planRounds(linked, byDpkg, true))).toEqual([
    [['library'], ['manager']],
    [['daemon-common', 'manager'], ['daemon']],
  ]);
});

test('what is immediate is configured with all that it needs before what can wait', () => {
  const linked = [unpacked('library'), unpacked('other', 'Pre-Depends: base\n'), unpacked('base')];
  const byDpkg = [unpacked('users', 'Depends: library\n')];
  const rounds = planRounds(linked, byDpkg, true, ({ name }) => name === 'users' || name === 'base');
  expect(names(rounds)).toEqual([
    [['base'], []],
    [[], ['users']],
    [['users', 'library'], []],
  ]);
});

test('a circle of what has to be there before is no plan', () => {
  const circle = [unpacked('one', 'Pre-Depends: other\n'), unpacked('other', 'Pre-Depends: one\n')];
  expect(planRounds([], circle, false)).toBeUndefined();
});
