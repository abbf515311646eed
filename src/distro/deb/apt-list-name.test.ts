// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { aptListName } from './apt-list-name.ts';

// As apt 2.6 named them.
test.each([
  ['http://mirror.example.org/debian/dists/sid/InRelease', 'mirror.example.org_debian_dists_sid_InRelease'],
  ['http://127.0.0.1:37757/dists/small/InRelease', '127.0.0.1:37757_dists_small_InRelease'],
  ['http://bee:wax@mirror.example.org/x/InRelease', 'mirror.example.org_x_InRelease'],
  ['file:/tmp/repo/./Packages', '_tmp_repo_._Packages'],
  ['copy:///tmp/my_repo~1/Release', '_tmp_my%5frepo%7e1_Release'],
])('%s is kept as %s', (uri, name) => {
  expect(aptListName(uri)).toBe(name);
});
