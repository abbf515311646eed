// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import type { CandidateRequest } from '../distro/resolution.ts';
import { choosePackages } from './choose-packages.ts';

test('names stay names, and paths are opened as the user’s own', async () => {
  const opened: (readonly string[])[] = [];
  const openCandidates = ({ words: paths, architecture }: CandidateRequest): Promise<never[]> => {
    opened.push([architecture, ...paths]);
    return Promise.resolve([]);
  };
  const isPackagesFile = (name: string): boolean => /\.(deb|changes)$/.test(name);
  const words = ['gcc', 'hive-data=0.9', '/own/a.deb', 'libdeb', '/some/directory', 'b.changes'];
  const { names } = await choosePackages(words, 'amd64', { openCandidates, isPackagesFile });
  expect(names).toEqual(['gcc', 'hive-data=0.9', 'libdeb']);
  expect(opened).toEqual([['amd64', '/own/a.deb', '/some/directory', resolve('b.changes')]]);
});
