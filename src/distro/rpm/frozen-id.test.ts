// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { sha256 } from '../../base/digest.ts';
import type { FrozenRepository } from './frozen-directory.ts';
import { frozenId } from './frozen-id.ts';

const hive: FrozenRepository = {
  name: 'hive',
  uri: 'http://mirror.example.org/rpm/',
  components: [],
  packageDigest: 'sha256',
  foreignSources: [],
  priority: -99,
  sourcesOnly: false,
  signed: true,
  packageKeys: [],
  directory: 'repositories/1',
  sha256: sha256('hive'),
  date: '2026-01-01T00:00:00.000Z',
  origin: '',
};
const meadow = { ...hive, name: 'meadow', sha256: sha256('meadow') };

test('what decides about the content is in the id, and nothing else', () => {
  const id = frozenId('x86_64', [hive, meadow]);
  const same = { ...hive, date: '', directory: 'elsewhere', uri: 'http://bee:wax@mirror.example.org/rpm/' };
  expect(frozenId('x86_64', [same, meadow])).toBe(id);
  expect(frozenId('aarch64', [hive, meadow])).not.toBe(id);
  expect(frozenId('x86_64', [meadow, hive])).not.toBe(id);
  const ids = new Set([id]);
  for (const other of [
    { priority: -1 },
    { sourcesOnly: true },
    { signed: false },
    { packageKeys: ['keyrings/1-abc.key'] },
    { packageKeys: ['keyrings/1-def.key'] },
    { sha256: sha256('honey') },
    { uri: 'http://other.example.org/rpm/' },
  ]) {
    const differing = frozenId('x86_64', [{ ...hive, ...other }, meadow]);
    expect(ids, JSON.stringify(other)).not.toContain(differing);
    ids.add(differing);
  }
});
