// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { type StateLocation, stateDirectoryPath } from './state-directory.ts';

const user: StateLocation = { environment: {}, isSystemRoot: false, homeDirectory: '/home/bee' };

test.each<[string, Partial<StateLocation>, string]>([
  ['root', { isSystemRoot: true }, '/var/lib/paseka'],
  ['a user', {}, '/home/bee/.local/state/paseka'],
  ['XDG_STATE_HOME', { environment: { XDG_STATE_HOME: '/data/state' } }, '/data/state/paseka'],
  [
    'a relative XDG_STATE_HOME is ignored',
    { environment: { XDG_STATE_HOME: 'x' } },
    '/home/bee/.local/state/paseka',
  ],
  [
    'XDG_STATE_HOME is not for root',
    { isSystemRoot: true, environment: { XDG_STATE_HOME: '/x' } },
    '/var/lib/paseka',
  ],
  ['PASEKA_STATE', { isSystemRoot: true, environment: { PASEKA_STATE: '/srv/hives' } }, '/srv/hives'],
  ['an empty PASEKA_STATE', { environment: { PASEKA_STATE: '' } }, '/home/bee/.local/state/paseka'],
  ['the option', { option: '/opt/s', environment: { PASEKA_STATE: '/srv/hives' } }, '/opt/s'],
])('%s', (_, location, path) => {
  expect(stateDirectoryPath({ ...user, ...location })).toBe(path);
});
