// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { alternativeLinks, isRegistryPath, mergedPath } from './owned-paths.ts';

test('old names lead into /usr', () => {
  expect(mergedPath('/bin/sh')).toBe('/usr/bin/sh');
  expect(mergedPath('/lib64')).toBe('/usr/lib64');
  expect(mergedPath('/library/x')).toBe('/library/x');
  expect(mergedPath('/usr/bin/sh')).toBe('/usr/bin/sh');
});

test('registries and caches have no owner, other paths should have one', () => {
  for (const path of [
    '/var/lib/dpkg/status',
    '/etc/ld.so.cache',
    '/usr/lib/python3/x/__pycache__/y.pyc',
    '/run/x',
  ]) {
    expect(isRegistryPath(path), path).toBe(true);
  }
  for (const path of ['/etc/foo.conf', '/var/lib/foo', '/usr/share/foo', '/opt/x', '/variable']) {
    expect(isRegistryPath(path), path).toBe(false);
  }
});

test('the links that update-alternatives keeps', () => {
  const file =
    'auto\n/usr/bin/awk\nawk.1.gz\n/usr/share/man/man1/awk.1.gz\nnawk\n/bin/nawk\n\n/usr/bin/mawk\n5\n';
  expect([...alternativeLinks([file])]).toEqual([
    '/usr/bin/awk',
    '/usr/share/man/man1/awk.1.gz',
    '/usr/bin/nawk',
  ]);
});
