// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { sha256 } from '../../../base/digest.ts';
import { catalogFromText } from '../catalog/catalog-from-text.ts';
import { parseDeb822 } from '../deb822.ts';
import { InProcessResolver, type LocalCandidate } from './in-process-resolver.ts';

const digest = 'a'.repeat(64);
const packages = ['python3 3.11', 'tool 1', 'build-essential 1']
  .map((text) => {
    const [name, version] = text.split(' ');
    const depends = name === 'tool' ? 'Depends: python3\n' : '';
    return `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\n${depends}Filename: pool/${name}.deb\nSize: 1\nSHA256: ${digest}\n`;
  })
  .join('\n');
const sources = `Package: src\nVersion: 1\nDirectory: pool\nBuild-Depends: tool\nChecksums-Sha256:\n ${digest} 1 src.dsc\n`;
const status = 'Package: build-essential\nVersion: 1\nArchitecture: amd64\nStatus: install ok installed\n';
const catalog = catalogFromText([
  { kind: 'packages', text: packages },
  { kind: 'sources', text: sources },
]);

function local(control: string): LocalCandidate {
  const [paragraph = new Map<string, string>()] = parseDeb822(control);
  const field = (name: string): string => paragraph.get(name) ?? '';
  const name = field('package');
  const described = { name, version: field('version'), architecture: field('architecture') };
  const file = { fileName: `${name}.deb`, path: `/local/${name}.deb`, sha256: sha256(control), bytes: 1 };
  return { package: { ...described, ...file }, control: paragraph };
}

test('prefers a local package, even an older one, and says where each package is', () => {
  for (const version of ['3.12', '3.10']) {
    const python = local(`Package: python3\nVersion: ${version}\nArchitecture: amd64\nDepends: lib\n`);
    const lib = local('Package: lib\nVersion: 1\nArchitecture: all\n');
    const resolver = new InProcessResolver(catalog, status, 'amd64', [python, lib]);
    const answer = resolver.resolveSource('src', undefined, []);
    expect(answer.kind).toBe('resolved');
    if (answer.kind !== 'resolved') return;
    const found = answer.packages.map((one) => `${one.name} ${one.version} ${one.from}`);
    expect(found.sort()).toEqual(['lib 1 local', `python3 ${version} local`, 'tool 1 repository']);
  }
});

test('installs local packages with what they need', () => {
  const mine = local('Package: mine\nVersion: 1\nArchitecture: amd64\nDepends: tool\n');
  const resolver = new InProcessResolver(catalog, status, 'amd64', [mine]);
  const answer = resolver.resolve({ kind: 'install', names: [], local: [mine.package] });
  const found = answer.kind === 'resolved' ? answer.packages.map((one) => one.name) : answer.kind;
  expect([...found].sort()).toEqual(['mine', 'python3', 'tool']);
});

test('knows what it does not know', () => {
  const resolver = new InProcessResolver(catalog, status, 'amd64');
  expect(resolver.resolveSource('gone', undefined, [])).toEqual({ kind: 'unknown-package', name: 'gone' });
  expect(resolver.resolveSource('src', '2', [])).toEqual({ kind: 'unknown-package', name: 'src' });
});

function control(text: string): Map<string, string> {
  return new Map(parseDeb822(text)[0]);
}

test('says who decided, and proves what is missing', () => {
  const resolver = new InProcessResolver(catalog, status, 'amd64');
  const build = (buildDepends: string): ReturnType<typeof resolver.resolve> =>
    resolver.resolve({ kind: 'build', source: control(`Build-Depends: ${buildDepends}`), profiles: [] });
  expect(build('tool')).toMatchObject({ kind: 'resolved', decidedBy: 'paseka' });
  expect(build('tool (>= 2)')).toEqual({
    kind: 'unsatisfiable',
    explanation: 'the source needs tool (>= 2)\n  but tool is at 1',
    decidedBy: 'paseka',
  });
});

test('explains what contradicts itself, and is silent where something could be chosen', () => {
  const rival = local('Package: rival\nVersion: 1\nArchitecture: all\nConflicts: python3\n');
  const resolver = new InProcessResolver(catalog, status, 'amd64', [rival]);
  const explain = (text: string): string | undefined =>
    resolver.explain({ kind: 'build', source: control(text), profiles: [] });
  expect(explain('Build-Depends: tool, rival')?.split('\n')).toEqual([
    'the source needs tool',
    'the source needs rival',
    'tool 1 needs python3',
    'rival 1 excludes python3, which is python3 3.11',
  ]);
  expect(explain('Build-Depends: tool')).toBeUndefined();
  const both = { kind: 'install', names: ['tool'], local: [rival.package] } as const;
  expect(resolver.explain(both)).toContain('the request needs tool (= 1)');
  expect(resolver.explain({ ...both, names: [] })).toBeUndefined();
});

test('a version that is asked for by name is none that is missing', () => {
  const versions = [1, 2]
    .map(
      (version) =>
        `Package: p\nVersion: ${version}\nArchitecture: all\nDepends: gone\nFilename: p\nSize: 1\nSHA256: ${digest}\n`,
    )
    .join('\n');
  const resolver = new InProcessResolver(
    catalogFromText([{ kind: 'packages', text: versions }]),
    status,
    'amd64',
  );
  expect(resolver.resolve({ kind: 'install', names: ['p=1'], local: [] })).toMatchObject({
    kind: 'unsatisfiable',
    explanation: 'p 1 needs gone\n  but there is no package gone, and nothing provides it',
  });
});

test('gives reasons by name for any answer, also for local packages', () => {
  const python = local('Package: python3\nVersion: 3.12\nArchitecture: amd64\n');
  const resolver = new InProcessResolver(catalog, status, 'amd64', [python]);
  const question = { kind: 'build', source: control('Build-Depends-Indep: tool'), profiles: [] } as const;
  const answer = resolver.resolve(question);
  resolver.resolve({ kind: 'install', names: ['tool'], local: [] });
  const reasons = answer.kind === 'resolved' ? resolver.reasons(question, answer.packages) : new Map();
  expect([...reasons].sort()).toEqual([
    ['python3', 'tool: Depends python3'],
    ['tool', 'the source: Build-Depends-Indep tool'],
  ]);
});

test('leaves it to apt where a local package is another one of the base’s version', () => {
  const question = { kind: 'build', source: control('Build-Depends: tool'), profiles: [] } as const;
  const resolve = (essential: LocalCandidate): string =>
    new InProcessResolver(catalog, status, 'amd64', [essential]).resolve(question).kind;
  const text = 'Package: build-essential\nVersion: 1\nArchitecture: amd64\n';
  expect(resolve(local(text))).toBe('resolved');
  expect(resolve(local(`${text}Depends: python3\n`))).toBe('undecided');
});

test('what is built again without a change is resolved as what the repository has, and given as local', () => {
  const resolver = new InProcessResolver(catalog, status, 'amd64');
  const tool = local('Package: tool\nVersion: 1\nArchitecture: amd64\nDepends: python3\n');
  const python = local('Package: python3\nVersion: 3.11\nArchitecture: amd64\n');
  const shown = (...candidates: LocalCandidate[]): string[] | undefined =>
    resolver
      .resolveTwins([tool], candidates)
      ?.packages.map((one) => `${one.name} ${one.from}`)
      .sort();
  expect(shown()).toEqual(['python3 repository', 'tool local']);
  expect(shown(python)).toEqual(['python3 local', 'tool local']);
});

test.each([
  ['another version', 'Package: tool\nVersion: 2\nArchitecture: amd64\nDepends: python3\n'],
  ['other dependencies', 'Package: tool\nVersion: 1\nArchitecture: amd64\nDepends: python3 (>= 3)\n'],
  ['something to provide', 'Package: tool\nVersion: 1\nArchitecture: amd64\nDepends: python3\nProvides: a\n'],
  ['another kind', 'Package: tool\nVersion: 1\nArchitecture: amd64\nDepends: python3\nMulti-Arch: same\n'],
  ['a name that nothing has', 'Package: mine\nVersion: 1\nArchitecture: amd64\n'],
  ['a name that the base has', 'Package: build-essential\nVersion: 1\nArchitecture: amd64\n'],
])('what has %s is no twin', (_what, fields) => {
  const resolver = new InProcessResolver(catalog, status, 'amd64');
  expect(resolver.resolveTwins([local(fields)], [])).toBeUndefined();
});

test('names that only the base and local packages have are not mistaken for each other', () => {
  const installed = ['base-only', 'other']
    .map((name) => `Package: ${name}\nVersion: 1\nArchitecture: amd64\nStatus: install ok installed\n`)
    .join('\n');
  const without = new InProcessResolver(catalog, `${status}\n${installed}`, 'amd64');
  const own = local('Package: a-local-one\nVersion: 1\nArchitecture: amd64\nDepends: base-only\n');
  const resolver = new InProcessResolver(
    catalog,
    `${status}\n${installed}`,
    'amd64',
    [own],
    undefined,
    without,
  );
  const { universe } = resolver.resolver;
  for (const name of ['base-only', 'other']) {
    const number = universe.findName(name);
    expect(universe.describe(universe.candidate[number] ?? -1).name).toBe(name);
  }
});
