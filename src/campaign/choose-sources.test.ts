// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { isPasekaError } from '../base/paseka-error.ts';
import type { Catalog } from '../distro/catalog.ts';
import type { Distribution } from '../distro/distribution.ts';
import { chooseSources, parseSourceList } from './choose-sources.ts';

const versions: Readonly<Record<string, readonly string[]>> = {
  hello: ['2.10-3', '2.9-1'],
  help2man: ['1.49'],
};

const catalog = {
  findSource: (name: string, version?: string) => {
    const found = versions[name]?.find((candidate) => version === undefined || candidate === version);
    return found === undefined ? undefined : { kind: 'repository', name, version: found, files: [] };
  },
  sourceNames: () => Object.keys(versions),
} as unknown as Catalog;

const distribution = {
  isSourceFile: (name: string) => name.endsWith('.dsc'),
  openLocalSource: async (path: string) => ({ kind: 'local', name: 'local', version: '1', paths: [path] }),
} as unknown as Distribution;

const choose = (...words: string[]): Promise<unknown> => chooseSources(words, catalog, distribution);

async function errorOf(promise: Promise<unknown>): Promise<{ code: string; message: string; hint: string }> {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (!isPasekaError(error)) throw new Error('no PasekaError');
  return error;
}

test('names, versions and paths', async () => {
  expect(await choose('hello', 'hello=2.9-1', 'x.dsc', './x', 'hello')).toMatchObject([
    { name: 'hello', version: '2.10-3' },
    { name: 'hello', version: '2.9-1' },
    { kind: 'local' },
  ]);
  expect(await choose('./x', '/x')).toHaveLength(1);
});

test('an unknown source names the nearest, an unknown version the one that is there', async () => {
  expect(await errorOf(choose('helo'))).toMatchObject({
    code: 'unknown-source',
    hint: 'did you mean hello?',
  });
  expect(await errorOf(choose('hello=3'))).toMatchObject({ code: 'unknown-source', hint: 'it has 2.10-3' });
});

test('a list may have comments and blank lines, but no rubbish', () => {
  expect(parseSourceList('hello # first\n\n# none\n tree\n', 'list')).toEqual(['hello', 'tree']);
  expect(() => parseSourceList('hello\nhello world\n', 'list')).toThrow(/list, line 2/);
  expect(() => parseSourceList('\u0000\u0001\n', 'list')).toThrow(/line 1/);
});
