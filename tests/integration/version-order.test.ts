// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareVersions } from '../../src/distro/deb/version.ts';
import { runProcess } from '../../src/host/process.ts';

const piece = fc.stringMatching(/^[0-9][A-Za-z0-9.+~]{0,6}$/);
const version = fc
  .tuple(fc.constantFrom('', '0:', '1:', '12:'), piece, fc.constantFrom('', '-', '~', '.0', '+'), piece)
  .map(([epoch, upstream, separator, rest]) => `${epoch}${upstream}${separator}${rest}`);

test('versions are ordered as dpkg --compare-versions orders them', async () => {
  const pairs = fc.sample(fc.tuple(version, version), { numRuns: 1500, seed: 3 });
  const near = fc.sample(fc.tuple(version, fc.constantFrom('~', '+b1', '-1', '0', '.', 'a')), {
    numRuns: 500,
    seed: 4,
  });
  const all = [...pairs, ...near.map(([one, tail]) => [one, one + tail] as [string, string])];
  const script =
    'while read -r a b; do for o in lt eq gt; do if dpkg --compare-versions "$a" $o "$b"; then echo $o; fi; done; done';
  const result = await runProcess({
    command: ['sh', '-c', script],
    environment: { PATH: process.env['PATH'] ?? '' },
    input: all.map((pair) => `${pair.join(' ')}\n`).join(''),
  });
  const orders = { '-1': 'lt', '0': 'eq', '1': 'gt' } as const;
  const mine = all.map(([a, b]) => orders[String(compareVersions(a, b)) as keyof typeof orders]);
  const theirs = result.stdout.trim().split('\n');
  expect(theirs).toHaveLength(all.length);
  expect(all.filter((_, index) => mine[index] !== theirs[index])).toEqual([]);
}, 120_000);
