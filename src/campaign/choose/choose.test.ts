// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PasekaError } from '../../base/paseka-error.ts';
import { catalogFromText } from '../../distro/deb/catalog/catalog-from-text.ts';
import type { Distribution } from '../../distro/distribution.ts';
import type { TaskState } from '../../events/campaign-state.ts';
import type { TaskId } from '../../events/events.ts';
import { type Choice, choose } from './choose.ts';
import { failedSources } from './failed-sources.ts';
import type { Selection } from './selection.ts';

const source = (name: string, fields = ''): string =>
  `Package: ${name}
Version: 1
Architecture: any
Section: misc
Maintainer: Bee Keepers <bees@example.org>
${fields}Directory: pool/${name}
Checksums-Sha256:
 ${'a'.repeat(64)} 1 ${name}_1.dsc
`;

const catalog = catalogFromText([
  {
    kind: 'packages',
    text: `Package: libbee-dev
Source: bee
Version: 1
Architecture: amd64
Filename: x
Size: 1
SHA256: ${'b'.repeat(64)}
`,
  },
  {
    kind: 'sources',
    text: [
      source('bee', 'Uploaders: Ann Apis <ann@example.org>, Drone\n'),
      source('hive', 'Build-Depends: libbee-dev\n').replace('Section: misc', 'Section: contrib/perl'),
      source('hive-arm').replace('Architecture: any', 'Architecture: arm64'),
      source('honey').replace('Bee Keepers', 'Sweet Tooth'),
      source('old', 'Extra-Source-Only: yes\n'),
    ].join('\n'),
  },
]);

const distribution = {
  isSourceFile: (name: string) => name.endsWith('.dsc'),
  openLocalSource: async (path: string) => ({ kind: 'directory', name: 'local', version: '1', path }),
} as unknown as Distribution;

const nothing: Selection = {
  words: [],
  all: false,
  match: [],
  section: [],
  maintainer: [],
  reverseBuildDependsOf: [],
  depth: 1,
  failedIn: [],
  exclude: [],
  seed: '0',
};
const scope = { architecture: 'amd64', profiles: [] };
const run = (wanted: Partial<Selection>): Promise<Choice> =>
  choose({ ...nothing, ...wanted }, catalog, distribution, scope);
const names = async (wanted: Partial<Selection>): Promise<string[]> =>
  (await run(wanted)).sources.map(({ name }) => name);
const refusal = async (wanted: Partial<Selection>): Promise<PasekaError> => {
  const error: unknown = await run(wanted).catch((caught: unknown) => caught);
  return error as PasekaError;
};

test('each selector, and what several of them have together, each source once', async () => {
  expect(await names({ all: true })).toEqual(['bee', 'hive', 'honey']);
  expect(await names({ match: ['h*'] })).toEqual(['hive', 'honey']);
  expect(await names({ section: ['perl'] })).toEqual(['hive']);
  expect(await names({ maintainer: ['ann apis'] })).toEqual(['bee']);
  expect(await names({ maintainer: ['sweet'], section: ['perl'] })).toEqual(['hive', 'honey']);
  expect(await names({ reverseBuildDependsOf: ['libbee-dev'] })).toEqual(['hive']);
  expect(await names({ words: ['honey', './local'], all: true })).toEqual(['honey', 'local', 'bee', 'hive']);
});

test('what did not pass in a campaign, by what it is called now', async () => {
  const task = (source: string, kind: 'built' | 'cancelled' | 'output-limit'): [TaskId, TaskState] => {
    const outcome = kind === 'output-limit' ? { kind, limitBytes: 1 } : { kind };
    return [source.length as TaskId, { source, version: '0.9', outcome } as TaskState];
  };
  const tasks = [task('bee', 'output-limit'), task('hive', 'built'), task('honey', 'cancelled')];
  expect(await names({ failedIn: [failedSources('c1', { tasks: new Map(tasks) })] })).toEqual(['bee']);
  expect(await refusal({ failedIn: [failedSources('c1', { tasks: new Map([]) })] })).toMatchObject({
    code: 'empty-selection',
    message: '--failed-in c1 selects nothing',
    hint: 'nothing failed in it',
  });
});

test('exclusion, sample and limit, in this order', async () => {
  expect(await names({ all: true, exclude: ['b*'] })).toEqual(['hive', 'honey']);
  expect(await names({ words: ['bee'], match: ['ho*'], exclude: ['bee'] })).toEqual(['honey']);
  expect(await names({ all: true, exclude: ['bee'], limit: 1 })).toEqual(['hive']);
  expect(await names({ all: true, exclude: ['bee'], sample: 2, limit: 9 })).toEqual(['hive', 'honey']);
});

test('what is not built for the architecture is told apart, and takes no place in a sample', async () => {
  const choice = await run({ match: ['hive*'], sample: 1 });
  expect(choice.sources.map(({ name }) => name)).toEqual(['hive']);
  expect(choice.notForArchitecture).toEqual([{ name: 'hive-arm', version: '1' }]);
  expect(await refusal({ words: ['hive-arm'] })).toMatchObject({
    code: 'empty-selection',
    message: 'nothing is built for amd64 from hive-arm',
  });
});

test('an empty selection says which selectors stand for nothing', async () => {
  expect(await refusal({ match: ['wax*'], section: ['pearl'] })).toMatchObject({
    code: 'empty-selection',
    message: "--match 'wax*', --section pearl select nothing",
  });
  expect(await refusal({ section: ['mics'] })).toMatchObject({ hint: 'did you mean misc?' });
  expect(await refusal({ match: ['h*'], exclude: ['*'] })).toMatchObject({
    code: 'empty-selection',
    message: "--exclude '*' takes all 3 chosen sources away",
  });
  expect((await run({ match: ['wax*', 'bee'] })).warnings).toEqual([
    expect.stringMatching(/^--match 'wax\*' selects nothing/),
  ]);
});

test('an unknown package is refused with the nearest names, one that nothing needs is not', async () => {
  expect(await refusal({ reverseBuildDependsOf: ['libbe-dev'] })).toMatchObject({
    code: 'unknown-package',
    hint: 'did you mean libbee-dev?',
  });
  expect(await refusal({ reverseBuildDependsOf: ['src:be'] })).toMatchObject({
    code: 'unknown-package',
    hint: 'did you mean src:bee?',
  });
  expect(await names({ reverseBuildDependsOf: ['src:bee'] })).toEqual(['hive']);
});

test('a sample is as large as asked, in the order of the whole, and a larger one has the smaller in it', async () => {
  const all = await names({ all: true });
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 4 }), async (seed, count) => {
      const drawn = await names({ all: true, seed, sample: count });
      expect(drawn).toHaveLength(Math.min(count, all.length));
      expect(all.filter((name) => drawn.includes(name))).toEqual(drawn);
      const more = await names({ all: true, seed, sample: count + 1 });
      expect(more).toEqual(expect.arrayContaining(drawn));
      expect(await names({ all: true, seed, sample: count })).toEqual(drawn);
    }),
  );
});
