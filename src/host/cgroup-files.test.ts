// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { directoryOf, parseCgroupMounts, parseFlatKeyed, parseMemberships } from './cgroup-files.ts';

test('memberships of v1, of named hierarchies and of v2; a path may hold a colon', () => {
  expect(parseMemberships('5:memory:/a:b\n2:cpu,cpuacct:/c\n1:name=systemd:/\n0::/user.slice\n')).toEqual([
    { controllers: ['memory'], isV2: false, path: '/a:b' },
    { controllers: ['cpu', 'cpuacct'], isV2: false, path: '/c' },
    { controllers: ['name=systemd'], isV2: false, path: '/' },
    { controllers: [], isV2: true, path: '/user.slice' },
  ]);
});

test('mounts: optional fields, octal escapes, read-only ones, and nothing but cgroups', () => {
  const mountinfo = [
    '22 27 0:21 / /proc rw,relatime - proc proc rw',
    '33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 master:1 - cgroup cgroup rw,cpu,cpuacct',
    '35 31 0:32 /docker/x /sys/fs/my\\040cgroup ro,nosuid - cgroup cgroup rw,memory',
    '36 31 0:33 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot',
  ].join('\n');
  expect(parseCgroupMounts(mountinfo)).toEqual([
    {
      isV2: false,
      controllers: ['cpu', 'cpuacct'],
      root: '/',
      mountPoint: '/sys/fs/cgroup/cpu,cpuacct',
      isReadOnly: false,
    },
    {
      isV2: false,
      controllers: ['memory'],
      root: '/docker/x',
      mountPoint: '/sys/fs/my cgroup',
      isReadOnly: true,
    },
    { isV2: true, controllers: [], root: '/', mountPoint: '/sys/fs/cgroup', isReadOnly: false },
  ]);
});

test('the directory of a cgroup, where the mount shows all of the hierarchy or a part', () => {
  const mount = { isV2: false, controllers: ['memory'], mountPoint: '/m', isReadOnly: false };
  expect(directoryOf('/', { ...mount, root: '/' })).toBe('/m');
  expect(directoryOf('/a/b', { ...mount, root: '/' })).toBe('/m/a/b');
  expect(directoryOf('/docker/x', { ...mount, root: '/docker/x' })).toBe('/m');
  expect(directoryOf('/docker/x/y', { ...mount, root: '/docker/x' })).toBe('/m/y');
  expect(directoryOf('/docker/xy', { ...mount, root: '/docker/x' })).toBeUndefined();
  expect(directoryOf('/', { ...mount, root: '/docker/x' })).toBeUndefined();
});

test('flat keyed files: numbers only', () => {
  expect([...parseFlatKeyed('oom_kill_disable 0\nunder_oom 1\noom_kill 12\nname text\nmax\n')]).toEqual([
    ['oom_kill_disable', 0],
    ['under_oom', 1],
    ['oom_kill', 12],
  ]);
});
