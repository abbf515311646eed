// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { pinPriority } from '../catalog/catalog-input.ts';
import { policyCandidate } from './policy-candidate.ts';

const [usual, backports, experimental] = [
  { notAutomatic: false, butAutomaticUpgrades: false },
  { notAutomatic: true, butAutomaticUpgrades: true },
  { notAutomatic: true, butAutomaticUpgrades: false },
].map((flags) =>
  pinPriority({
    kind: 'packages',
    path: '/list',
    uri: 'http://mirror.example.org/debian',
    suite: 'stable',
    codename: 'stable',
    component: 'main',
    ...flags,
  }),
) as [number, number, number];

/** Each version as `version priority`; `local` and `installed` for what comes from no repository. */
function candidateOf(versions: readonly string[], installed?: string): string | undefined {
  const rows = versions.map((text) => text.split(' ') as [version: string, from: string]);
  const row = policyCandidate(
    {
      current: [installed === undefined ? -1 : rows.findIndex(([version]) => version === installed)],
      rowsOfName: () => rows.map((_, index) => index),
      isUsable: () => true,
      versionText: (index) => rows[index]?.[0] ?? '',
      localIndex: (index) => (rows[index]?.[1] === 'local' ? 0 : -1),
      repositoryPriority: (index) => {
        const from = rows[index]?.[1];
        return from === 'installed' || from === 'local' ? undefined : Number(from);
      },
    },
    0,
  );
  return rows[row]?.[0];
}

test.each<[what: string, versions: string[], installed: string | undefined, candidate: string | undefined]>([
  ['the newest of one priority', [`1 ${usual}`, `2 ${usual}`], undefined, '2'],
  ['not a newer one of backports', [`1 ${usual}`, `2 ${backports}`], undefined, '1'],
  ['not a newer one of experimental', [`1 ${backports}`, `2 ${experimental}`], undefined, '1'],
  ['what only backports have', [`2 ${backports}`], undefined, '2'],
  ['what only experimental has', [`2 ${experimental}`], undefined, '2'],
  ['backports’ upgrades of what came from there', ['2 installed', `1 ${usual}`, `3 ${backports}`], '2', '3'],
  ['no upgrade from experimental', ['2 installed', `3 ${experimental}`], '2', '2'],
  ['no downgrade to a higher priority', ['2 installed', `1 ${usual}`], '2', '2'],
  ['a downgrade from 1000 on', ['2 installed', '1 1000'], '2', '1'],
  ['no version of a priority below zero', ['2 -1', '1 1'], undefined, '1'],
  ['none where all are below zero', ['1 -1', '2 -1'], undefined, undefined],
  ['the user’s own, though it is older', [`2 ${usual}`, '1 local'], undefined, '1'],
  ['the repository’s above the user’s own only when it is asked for', ['2 1002', '1 local'], undefined, '2'],
])('chooses %s', (_what, versions, installed, candidate) => {
  expect(candidateOf(versions, installed)).toBe(candidate);
});
