// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { Sha256 } from '../../base/digest.ts';
import type { ForeseenNeeds, ForeseenPackage } from '../../distro/install-forecast.ts';
import type { SourceInput } from '../../distro/source-input.ts';
import { planStages, type StagePlan } from './plan-stages.ts';

/** Plans sources by the sources whose packages they need; where that is a text, it is why there is no set. */
function plan(
  needs: Readonly<Record<string, readonly string[] | string>>,
  base: readonly string[] = [],
): Promise<StagePlan> {
  const names = Object.keys(needs);
  return planStages({
    sources: names.map((name): SourceInput => ({ kind: 'directory', name, version: '1', path: `/${name}` })),
    forecast: {
      packages: names.map(
        (name): ForeseenPackage => ({
          name: `${name}-dev`,
          version: '1',
          sha256: 'f'.repeat(64) as Sha256,
          bytes: 1,
          installedBytes: 1,
          source: name,
          dependencies: [],
        }),
      ),
      needs: Object.values(needs).map((needed): ForeseenNeeds => {
        if (typeof needed === 'string') return { kind: 'unsatisfiable', explanation: needed, profiles: [] };
        return { kind: 'resolved', packages: needed.map((name) => names.indexOf(name)), profiles: [] };
      }),
      baseSources: base,
    },
    foresee: () => Promise.reject(new Error('there is nothing to look ahead for')),
    profilesAgainstCycles: [],
  });
}

test('what the snapshot has no set for comes after all that does not need it', async () => {
  const { levels, late } = await plan({
    libbar: 'libfoo-dev (>= 2): it is at 1',
    foo: [],
    app: ['libbar', 'foo'],
    tool: ['foo'],
  });
  expect(levels).toEqual([[1], [3], [0], [2]]);
  expect(late).toEqual([0]);
});

test('the same holds for what is in every root', async () => {
  const { levels } = await plan({ libbar: 'libfoo-dev (>= 2): it is at 1', foo: [], app: [] }, ['libbar']);
  expect(levels).toEqual([[1, 2], [0]]);
});

test('where every set is known, none is late', async () => {
  expect(await plan({ one: ['other'], other: [] })).toMatchObject({ levels: [[1], [0]], late: [] });
});

test('sources that all have none are one level', async () => {
  expect(await plan({ one: 'gone', other: 'gone' })).toMatchObject({ levels: [[0, 1]], late: [0, 1] });
});
