// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parseSimulation, parseUnknownPackage, parseUnmetDependencies } from './apt-output.ts';

test('a simulation gives what is installed and removed, in order', () => {
  const simulation = parseSimulation(
    [
      'Reading package lists...',
      'Remv mawk [1.3.4-1]',
      'Inst libmagic-mgc (1:5.44-3 Debian:12.15/oldstable [amd64])',
      'Inst openssl [3.0.1] (3.0.2 Debian-Security:12/stable-security [amd64]) []',
      'Inst libc6:i386 (2.36 Debian:12/stable [i386])',
      'Inst hello (2.10-3 local-deb [amd64])',
      'Inst tzdata (2024a-0+deb12u1 Debian:12/stable, Debian:12-updates/stable-updates [all])',
      'Conf hello (2.10-3 local-deb [amd64])',
    ].join('\n'),
  );
  expect(simulation.removed).toEqual(['mawk']);
  expect(simulation.installed).toEqual([
    { name: 'libmagic-mgc', version: '1:5.44-3', architecture: 'amd64', local: false },
    { name: 'openssl', version: '3.0.2', architecture: 'amd64', local: false },
    { name: 'libc6', version: '2.36', architecture: 'i386', local: false },
    { name: 'hello', version: '2.10-3', architecture: 'amd64', local: true },
    { name: 'tzdata', version: '2024a-0+deb12u1', architecture: 'all', local: false },
  ]);
});

test('unmet dependencies lose the preamble and the stand-in package', () => {
  const said = [
    'The following packages have unmet dependencies:',
    ' builddeps:/mnt/zz.dsc : Depends: debhelper (>= 99) but it is not going to be installed',
    '                         Depends: nosuch but it is not installable',
    'E: Unable to correct problems, you have held broken packages.',
  ].join('\n');
  expect(parseUnmetDependencies(said)).toBe(
    'Depends: debhelper (>= 99) but it is not going to be installed; Depends: nosuch but it is not installable',
  );
});

test('without a table the errors are the explanation', () => {
  expect(parseUnmetDependencies('E: one\nW: two\nE: three')).toBe('one; three');
  expect(parseUnmetDependencies('')).toBe('apt gave no reason');
});

test('an unknown package is named, with the version that was asked for', () => {
  expect(parseUnknownPackage('E: Unable to locate package nosuch')).toBe('nosuch');
  expect(parseUnknownPackage("E: Version '9' for 'hello' was not found")).toBe('hello=9');
  expect(parseUnknownPackage('E: Something else')).toBeUndefined();
});
