// SPDX-License-Identifier: GPL-2.0-or-later
import { posix } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DirectoryAttributes, FilePlan, type PathKind, type RootView } from './file-plan.ts';
import type { UnpackedEntry } from './unpacked-package.ts';

/** A root: directories end in `/`, and may have ` MODE UID:GID` after it; links are `path -> target`, all else are files. */
function rootOf(...paths: string[]): RootView {
  const kinds = new Map<string, PathKind>([['/', 'directory']]);
  const targets = new Map<string, string>();
  const attributes = new Map<string, DirectoryAttributes>();
  for (const entry of entriesOf(...paths)) {
    kinds.set(entry.path, entry.kind === 'file' || entry.kind === 'special' ? 'other' : entry.kind);
    if (entry.kind === 'symlink') targets.set(entry.path, entry.target);
    if (entry.kind === 'directory') attributes.set(entry.path, entry);
  }
  return {
    kindOf: (path) => kinds.get(path) ?? 'absent',
    targetOf: (path) => targets.get(path) ?? '',
    directoryAttributes: (path) => {
      expect(kinds.get(path), `attributes of ${path}`).toBe('directory');
      const { mode, uid, gid } = attributes.get(path) ?? { mode: 0o755, uid: 0, gid: 0 };
      return { mode, uid, gid };
    },
  };
}

function entriesOf(...paths: string[]): UnpackedEntry[] {
  return paths.map((text): UnpackedEntry => {
    const [path = '', target] = text.split(' -> ');
    if (target !== undefined) return { kind: 'symlink', path, target };
    const directory = /^(.*)\/(?: ([0-7]+) (\d+):(\d+))?$/.exec(path);
    if (directory === null) return { kind: 'file', path };
    const [, name = '', mode = '755', uid = '0', gid = '0'] = directory;
    return {
      kind: 'directory',
      path: name,
      mode: Number.parseInt(mode, 8),
      uid: Number(uid),
      gid: Number(gid),
    };
  });
}

const add = (plan: FilePlan, data: string, ...paths: string[]): string | undefined =>
  plan.add({ data, entries: entriesOf(...paths), conffiles: new Set() });

test('through the links of a merged /usr, over directories that are there', () => {
  const plan = new FilePlan(rootOf('/usr/', '/usr/bin/', '/bin -> usr/bin'), new Set());
  expect(
    add(plan, '/store/a', '/bin/', '/bin/tool', '/usr/', '/usr/share/', '/usr/share/tool'),
  ).toBeUndefined();
  expect(plan.links).toEqual([
    { path: '/usr/bin/tool', source: '/store/a/bin/tool' },
    { path: '/usr/share/tool', source: '/store/a/usr/share/tool' },
  ]);
  expect(plan.directories.map(({ path }) => path)).toEqual(['/', '/usr', '/usr/bin', '/usr/share']);
});

test('configuration files lie beside their place until they are configured', () => {
  const plan = new FilePlan(rootOf('/etc/'), new Set());
  const files = { data: '/store/a', entries: entriesOf('/etc/', '/etc/a'), conffiles: new Set(['/etc/a']) };
  expect(plan.add(files)).toBeUndefined();
  expect(plan.links).toEqual([{ path: '/etc/a.dpkg-new', source: '/store/a/etc/a' }]);
});

test.each([
  ['a file that is there', ['/etc/', '/etc/a'], ['/etc/', '/etc/a'], '/etc/a'],
  ['a directory where a file is', ['/etc'], ['/etc/'], '/etc'],
  ['a link over a directory', ['/usr/', '/usr/doc/'], ['/usr/', '/usr/doc -> share/doc'], '/usr/doc'],
  ['below something that is no directory', ['/usr'], ['/usr/a'], '/usr/a'],
  ['a link that leads nowhere, wanted as a directory', ['/a -> b'], ['/a/'], '/a'],
  ['links in a circle', ['/a -> b', '/b -> a'], ['/a/x'], '/a/x'],
  ['a directory that nobody brings', [], ['/opt/x'], '/opt/x'],
  ['the same path twice', ['/bin -> usr/bin', '/usr/', '/usr/bin/'], ['/bin/x', '/usr/bin/x'], '/usr/bin/x'],
])('refused: %s', (_what, there, brought, because) => {
  const plan = new FilePlan(rootOf(...there), new Set());
  expect(add(plan, '/store/a', '/new/', '/new/file', ...brought)).toBe(because);
  expect(plan.links).toEqual([]);
  expect(add(plan, '/store/b', '/new/', '/new/file')).toBeUndefined();
});

test('a diverted path is refused, and so is what another package has brought', () => {
  const plan = new FilePlan(rootOf('/bin/'), new Set(['/bin/sh']));
  expect(add(plan, '/store/a', '/bin/sh')).toBe('/bin/sh');
  expect(add(plan, '/store/b', '/bin/b', '/bin/link -> b')).toBeUndefined();
  expect(add(plan, '/store/c', '/bin/c', '/bin/link')).toBe('/bin/link');
  expect(plan.links.map(({ path }) => path)).toEqual(['/bin/b', '/bin/link']);
});

test('through a link that another package has brought', () => {
  const plan = new FilePlan(rootOf('/usr/'), new Set());
  expect(add(plan, '/store/a', '/usr/real/', '/usr/link -> real')).toBeUndefined();
  expect(add(plan, '/store/b', '/usr/link/', '/usr/link/file')).toBeUndefined();
  expect(plan.links.at(-1)).toEqual({ path: '/usr/real/file', source: '/store/b/usr/link/file' });
});

test.each([
  ['the same', '/srv/a/ 2775 0:50', { contested: [], kept: [] }],
  ['another mode', '/srv/a/ 775 0:50', { contested: ['/srv/a'], kept: [] }],
  ['another user', '/srv/a/ 2775 7:50', { contested: ['/srv/a'], kept: [] }],
  ['another group', '/srv/a/ 2775 0:0', { contested: ['/srv/a'], kept: [] }],
  ['through a link of the other one', '/a/', { contested: ['/srv/a'], kept: [] }],
  ['another mode, of a directory that is there', '/srv/there/', { contested: [], kept: ['/srv/there'] }],
  ['a file below it', '/srv/a/file', { contested: [], kept: [] }],
])('a directory of two packages: %s', (_what, second, expected) => {
  const plan = new FilePlan(rootOf('/srv/', '/srv/there/ 700 0:0'), new Set());
  const first = ['/a -> srv/a', '/srv/', '/srv/a/ 2775 0:50', '/srv/there/ 700 0:0'];
  expect(add(plan, '/store/a', ...first)).toBeUndefined();
  expect(add(plan, '/store/b', '/srv/', second)).toBeUndefined();
  expect(plan.disputes([entriesOf(...first), entriesOf('/srv/', second)])).toEqual(expected);
});

test('what dpkg has to unpack may contest a directory, too', () => {
  const plan = new FilePlan(rootOf('/file'), new Set());
  expect(add(plan, '/store/a', '/opt/', '/opt/a')).toBeUndefined();
  const refused = ['/file', '/opt/ 700 0:0'];
  expect(add(plan, '/store/b', ...refused)).toBe('/file');
  const disputes = plan.disputes([entriesOf('/opt/', '/opt/a'), entriesOf(...refused)]);
  expect(disputes.contested).toEqual(['/opt']);
});

const names = ['a', 'b', 'c'];
const anyPath = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((parts) => `/${parts.join('/')}`);
const anyEntry = fc.oneof(
  anyPath,
  anyPath.map((path) => `${path}/`),
  fc.tuple(anyPath, anyPath).map(([path, target]) => `${path} -> ${target}`),
);
/** Sorted as a manifest is, one entry for a path. */
const anyPackage = fc.array(anyEntry, { maxLength: 6 }).map((texts) => {
  const byPath = new Map(texts.map((text) => [text.split(' -> ')[0]?.replace(/\/$/, '') ?? '', text]));
  return [...byPath].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, text]) => text);
});

test('whatever packages bring: no path twice, none over what is there, each in a directory that is there or planned', () => {
  fc.assert(
    fc.property(anyPackage, fc.array(anyPackage, { maxLength: 5 }), (there, packages) => {
      const kinds = new Map(entriesOf(...there).map((entry) => [entry.path, entry]));
      const rooted = there.filter((text) => {
        const parent = posix.dirname(text.split(' -> ')[0]?.replace(/\/$/, '') ?? '');
        return parent === '/' || kinds.get(parent)?.kind === 'directory';
      });
      const view = rootOf(...rooted);
      const plan = new FilePlan(view, new Set());
      for (const [index, brought] of packages.entries()) add(plan, `/store/${index}`, ...brought);
      const directories = plan.directories.map(({ path }) => path);
      const links = plan.links.map(({ path }) => path);
      expect(new Set([...directories, ...links]).size).toBe(directories.length + links.length);
      for (const path of links) {
        expect(view.kindOf(path)).toBe('absent');
        expect(directories).toContain(posix.dirname(path));
      }
      for (const [index, path] of directories.entries()) {
        expect(['absent', 'directory']).toContain(view.kindOf(path));
        if (path !== '/') expect(directories.slice(0, index)).toContain(posix.dirname(path));
      }
    }),
  );
});
