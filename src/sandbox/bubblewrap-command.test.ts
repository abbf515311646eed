// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bubblewrapCommand, findHostPaths, type HostPaths } from './bubblewrap-command.ts';
import type { SandboxRequest } from './sandbox.ts';

const host: HostPaths = {
  maskedFiles: ['/proc/keys'],
  maskedDirectories: ['/proc/acpi'],
  readOnly: ['/proc/sys'],
  sys: ['/sys/a/b'],
};
const request: SandboxRequest = {
  root: '/r',
  command: ['make'],
  identity: 'builder',
  environment: {},
  workingDirectory: '/build',
  binds: [],
  limits: {},
  output: { kind: 'stream', onOutput: () => undefined },
};
const commandOf = (more: Partial<SandboxRequest> = {}, seccomp?: number): readonly string[] =>
  bubblewrapCommand({ ...request, ...more }, host, {
    channel: 3,
    entries: [4, 5],
    ...(seccomp === undefined ? {} : { seccomp }),
  });

test('nothing of the user’s becomes an option or a word of shell', () => {
  const words = fc.array(fc.string({ minLength: 1 }), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.constantFrom('root', 'builder'), (command, identity) => {
      const argv = commandOf({ command: command as [string, ...string[]], identity });
      expect(argv.slice(-command.length)).toEqual(command);
      const separator = argv.indexOf('--');
      expect(argv.slice(separator + 1, separator + 3)).toEqual(['/bin/sh', '-c']);
      expect(argv[separator + 3]).toBe(commandOf({ identity })[commandOf({ identity }).indexOf('--') + 3]);
    }),
  );
});

test('binds come after all mounts of the sandbox’s own, in their order', () => {
  const argv = commandOf({
    binds: [
      { source: '/a', target: '/b' },
      { source: '/c', target: '/d', writable: true },
    ],
  });
  const text = argv.join(' ');
  expect(text).toContain('--remount-ro /sys --ro-bind /a /b --bind /c /d --chdir /build --');
  expect(text.indexOf('--bind /r /')).toBeLessThan(text.indexOf('--dev /dev'));
});

test('/dev/shm has the size of the memory limit', () => {
  expect(commandOf({ limits: { memoryBytes: 4096 } }).join(' ')).toContain(
    '--perms 1777 --size 4096 --tmpfs /dev/shm',
  );
  expect(commandOf().join(' ')).toContain('--perms 1777 --tmpfs /dev/shm');
});

describe('a terminal', () => {
  const terminal = commandOf({ output: { kind: 'terminal' } }, 6);
  test('keeps the session, and gets a filter instead', () => {
    expect(terminal).not.toContain('--new-session');
    expect(terminal.join(' ')).toContain('--seccomp 6');
    expect(commandOf()).toContain('--new-session');
  });
});

test('only what this host has is masked', () => {
  const kinds: Record<string, 'file' | 'directory'> = {
    '/proc/kcore': 'file',
    '/proc/acpi': 'directory',
    '/proc/sys': 'directory',
    '/sys/devices/system': 'directory',
  };
  expect(findHostPaths((path) => kinds[path])).toEqual({
    maskedFiles: ['/proc/kcore'],
    maskedDirectories: ['/proc/acpi'],
    readOnly: ['/proc/sys'],
    sys: ['/sys/devices/system'],
  });
});
