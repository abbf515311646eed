// SPDX-License-Identifier: GPL-2.0-or-later
import { describe, expect, test } from 'vitest';
import { matchesArchitectures, matchesProfiles } from './restrictions.ts';

describe('architecture restrictions', () => {
  test.each([
    ['', 'amd64', true],
    ['amd64 i386', 'amd64', true],
    ['arm64', 'amd64', false],
    ['linux-any', 'amd64', true],
    ['any-amd64', 'kfreebsd-amd64', true],
    ['any-arm', 'armhf', true],
    ['any-i386', 'amd64', false],
    ['kfreebsd-any hurd-any', 'amd64', false],
    ['!hurd-i386', 'amd64', true],
    ['!hurd-i386', 'hurd-i386', false],
    ['!hurd-any !amd64', 'amd64', false],
    ['musl-linux-any', 'amd64', false],
    ['gnu-any-any', 'amd64', true],
    ['any', 'riscv64', true],
  ])('[%s] for %s: %s', (restriction, architecture, kept) => {
    expect(matchesArchitectures(restriction, architecture)).toBe(kept);
  });
});

describe('build profiles', () => {
  test.each([
    ['', [], true],
    ['<!nocheck>', [], true],
    ['<!nocheck>', ['nocheck'], false],
    ['<cross>', [], false],
    ['<!nocheck !nodoc>', ['nodoc'], false],
    ['<!nocheck> <cross>', ['nocheck', 'cross'], true],
    ['<stage1> <!nodoc>', ['nodoc'], false],
  ])('%s under %j: %s', (restriction, profiles, kept) => {
    expect(matchesProfiles(restriction, new Set(profiles))).toBe(kept);
  });
});
