// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parseContents } from './package-contents.ts';

test('files, directories and links, with names that have blanks', () => {
  const listing = `drwxr-xr-x root/root         0 2026-01-01 00:00 ./
drwxr-xr-x root/root         0 2026-01-01 00:00 ./usr/
-rwsr-xr-x root/shadow   12345 2026-01-01 00:00 ./usr/a b
lrwxrwxrwx root/root         0 2026-01-01 00:00 ./usr/l -> ../x -> y
hrw-r--r-- root/root         0 2026-01-01 00:00 ./usr/h link to ./usr/a b
crw-rw-rw- root/root       1,3 2026-01-01 00:00 ./dev/null
`;
  expect([...parseContents(listing)]).toEqual([
    ['/usr', { kind: 'directory', mode: 'rwxr-xr-x', owner: 'root/root', bytes: 0 }],
    ['/usr/a b', { kind: 'file', mode: 'rwsr-xr-x', owner: 'root/shadow', bytes: 12345 }],
    ['/usr/l', { kind: 'symlink', mode: 'rwxrwxrwx', owner: 'root/root', bytes: 0, target: '../x -> y' }],
    ['/usr/h', { kind: 'hard-link', mode: 'rw-r--r--', owner: 'root/root', bytes: 0, target: '/usr/a b' }],
    ['/dev/null', { kind: 'special', mode: 'rw-rw-rw-', owner: 'root/root', bytes: 0 }],
  ]);
});
