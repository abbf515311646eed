// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { parseAptConfigDump } from './apt-configuration.ts';
import { remarksOn } from './host-remarks.ts';

test('a usual configuration gives no cause for remarks', () => {
  expect(remarksOn(parseAptConfigDump('Acquire "";\nAcquire::Check-Valid-Until "true";\n'))).toEqual([]);
});

test.each(['false', 'no', '0'])('an apt that takes expired release files (%s) is remarked on', (value) => {
  expect(remarksOn(parseAptConfigDump(`Acquire::check-valid-until "${value}";\n`))).toEqual([
    {
      name: 'expired-indices',
      detail: expect.stringContaining(`Acquire::Check-Valid-Until "${value}"`),
      remedy: expect.stringContaining('grep -r Check-Valid-Until /etc/apt'),
    },
  ]);
});
