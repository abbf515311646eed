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
  const answer = resolver.resolvePackages({ names: [], local: [mine.package] });
  const found = answer.kind === 'resolved' ? answer.packages.map((one) => one.name) : answer.kind;
  expect([...found].sort()).toEqual(['mine', 'python3', 'tool']);
});

test('knows what it does not know', () => {
  const resolver = new InProcessResolver(catalog, status, 'amd64');
  expect(resolver.resolveSource('gone', undefined, [])).toEqual({ kind: 'unknown-package', name: 'gone' });
  expect(resolver.resolveSource('src', '2', [])).toEqual({ kind: 'unknown-package', name: 'src' });
});
