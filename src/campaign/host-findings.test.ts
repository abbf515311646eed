// SPDX-License-Identifier: GPL-2.0-or-later
import { describe, expect, test } from 'vitest';
import { PasekaError } from '../base/paseka-error.ts';
import type { HostFacts, InsideFacts } from './host-facts.ts';
import { isFit, judgeHost } from './host-findings.ts';

const gigabyte = 1024 ** 3;
const inside: InsideFacts = {
  invoker: { name: 'ada', uid: 1000, gid: 1000, home: '/home/ada' },
  inUserNamespace: true,
  canMountProc: true,
  clone: { method: 'overlay', tmpfsUpper: true, diskUpper: true, diskKeepsCapabilities: true, note: null },
};
const state = { path: '/s', fileSystem: { name: 'ext4', lack: null }, freeBytes: 100 * gigabyte };
const good: HostFacts = {
  kernel: '6.12.0 x86_64',
  cores: 8,
  memory: { totalBytes: 32 * gigabyte, availableBytes: 20 * gigabyte },
  packaging: 'debian',
  missingTools: [],
  bubblewrapLack: null,
  groups: {
    mechanism: 'cgroup-v2',
    memory: 'exact',
    processes: 'exact',
    cpuTime: 'exact',
    detail: 'in a scope',
    remedy: null,
  },
  remarks: [],
  inside,
  state,
};
const error = new PasekaError('no-user-namespace', 'switched off', 'run: sudo sysctl -w x=1');

test('a good host has nothing to mend', () => {
  const findings = judgeHost(good);
  expect(findings.map((finding) => finding.state)).toEqual(findings.map(() => 'ok'));
  expect(findings.map((finding) => finding.remedy)).toEqual(findings.map(() => null));
  expect(new Set(findings.map((finding) => finding.name)).size).toBe(findings.length);
  expect(isFit(findings)).toBe(true);
});

test('a host of RPM packages can do without Debian’s tools, and is told in its own words', () => {
  const lacking = { ...good, packaging: 'dnf', missingTools: ['mmdebstrap', 'apt-get', 'bwrap'] } as const;
  const found = Object.fromEntries(judgeHost(lacking).map((finding) => [finding.name, finding]));
  expect(found['tool-mmdebstrap']).toMatchObject({
    state: 'degraded',
    remedy: 'run: sudo dnf install /usr/bin/mmdebstrap',
  });
  expect(found['tool-apt-get']?.state).toBe('degraded');
  expect(found['tool-bwrap']).toMatchObject({
    state: 'missing',
    remedy: 'run: sudo dnf install /usr/bin/bwrap',
  });
});

describe('what lacks is named, with its remedy', () => {
  const sampled = { ...good.groups, mechanism: 'sampling', memory: 'sampled', remedy: 'run: x' } as const;
  const copying = {
    method: 'copy',
    tmpfsUpper: false,
    diskUpper: false,
    diskKeepsCapabilities: false,
    note: 'no overlays',
  } as const;
  test.each([
    ['tool-mmdebstrap', 'missing', 'apt-get install mmdebstrap', { missingTools: ['mmdebstrap'] }],
    ['tool-newuidmap', 'missing', 'apt-get install uidmap', { missingTools: ['newuidmap'] }],
    [
      'tool-newuidmap',
      'degraded',
      'apt-get install uidmap',
      { missingTools: ['newuidmap'], inside: { ...inside, inUserNamespace: false } },
    ],
    ['private-namespace', 'missing', 'sysctl -w x=1', { inside: error }],
    ['nested-proc', 'missing', 'systempaths=unconfined', { inside: { ...inside, canMountProc: false } }],
    ['buildroots', 'degraded', 'modprobe overlay', { inside: { ...inside, clone: copying } }],
    ['buildroots', 'missing', 'sysctl -w x=1', { inside: { ...inside, clone: error } }],
    ['sandbox', 'missing', 'apt-get install bubblewrap', { missingTools: ['bwrap'] }],
    ['sandbox', 'missing', 'as root', { bubblewrapLack: 'EPERM' }],
    ['limit-memory', 'degraded', 'run: x', { groups: sampled }],
    ['dates', 'degraded', 'run: y', { remarks: [{ name: 'dates', detail: 'any', remedy: 'run: y' }] }],
    ['memory', 'degraded', '--jobs 1', { memory: { totalBytes: gigabyte, availableBytes: 1 } }],
    ['disk', 'degraded', 'paseka gc', { state: { ...state, freeBytes: gigabyte } }],
    [
      'state-directory',
      'missing',
      '--state-dir',
      { state: { ...state, fileSystem: { name: 'nfs', lack: 'no locks' } } },
    ],
    ['state-directory', 'missing', 'sysctl', { state: error }],
  ] as const)('%s is %s', (name, expected, remedy, change) => {
    const findings = judgeHost({ ...good, ...change });
    const finding = findings.find((one) => one.name === name);
    expect(finding?.state).toBe(expected);
    expect(finding?.remedy).toContain(remedy);
    expect(isFit(findings)).toBe(expected === 'degraded');
  });
});
