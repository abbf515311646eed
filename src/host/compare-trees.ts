// SPDX-License-Identifier: GPL-2.0-or-later
import type { BigIntStats } from 'node:fs';
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { listExtendedAttributes } from './system-calls.ts';
import { walkTree } from './tree-walk.ts';

/** Something that two trees do not have in common. */
export interface TreeDifference {
  /** Absolute inside the trees. */
  readonly path: string;
  readonly what: 'presence' | 'type' | 'mode' | 'owner' | 'attributes' | 'target' | 'device' | 'content';
  readonly left: string;
  readonly right: string;
}

export interface TreeComparison {
  /** Paths that were in either. */
  readonly paths: number;
  readonly differences: readonly TreeDifference[];
}

export interface CompareOptions {
  /** Paths that are passed over, with all below them. */
  readonly isIgnored: (path: string) => boolean;
  /** What of a file's content counts; the content itself where it says nothing. */
  readonly meaningOf: (path: string, content: Buffer) => string | undefined;
  /** Whether two different contents, whose meaning is not known, are of equal worth all the same. */
  readonly areAlike: (path: string, left: Buffer, right: Buffer) => boolean;
}

/** Compares all that two trees hold: types, modes, owners, extended attributes, link targets, contents; not times. */
export async function compareTrees(
  left: string,
  right: string,
  options: CompareOptions,
): Promise<TreeComparison> {
  const [atLeft, atRight] = [await readTree(left, options), await readTree(right, options)];
  const paths = [...new Set([...atLeft.keys(), ...atRight.keys()])].sort();
  const differences: TreeDifference[] = [];
  for (const path of paths) {
    const [one, other] = [atLeft.get(path), atRight.get(path)];
    if (one === undefined || other === undefined) {
      const word = (stats: BigIntStats | undefined): string =>
        stats === undefined ? 'absent' : typeOf(stats);
      differences.push({ path, what: 'presence', left: word(one), right: word(other) });
    } else {
      const found = await compareEntries(
        { path: join(left, path), stats: one },
        { path: join(right, path), stats: other },
        {
          meaningOf: (content) => options.meaningOf(path, content),
          areAlike: (one, other) => options.areAlike(path, one, other),
        },
      );
      differences.push(...found.map((difference) => ({ path, ...difference })));
    }
  }
  return { paths: paths.length, differences };
}

interface Entry {
  readonly path: string;
  readonly stats: BigIntStats;
}

/** {@link CompareOptions} for the file at hand. */
interface Worth {
  readonly meaningOf: (content: Buffer) => string | undefined;
  readonly areAlike: (left: Buffer, right: Buffer) => boolean;
}

type EntryDifference = Omit<TreeDifference, 'path'>;

async function readTree(root: string, options: CompareOptions): Promise<Map<string, BigIntStats>> {
  const entries = new Map<string, BigIntStats>();
  const ignored = new Set<string>();
  for await (const { path, stats } of walkTree(root)) {
    const inside = `/${path}`;
    if (ignored.has(inside.slice(0, inside.lastIndexOf('/'))) || options.isIgnored(inside))
      ignored.add(inside);
    else entries.set(inside, stats);
  }
  return entries;
}

async function compareEntries(left: Entry, right: Entry, worth: Worth): Promise<EntryDifference[]> {
  const differences: EntryDifference[] = [];
  const compare = (what: EntryDifference['what'], of: (entry: Entry) => string): void => {
    const [one, other] = [of(left), of(right)];
    if (one !== other) differences.push({ what, left: one, right: other });
  };
  compare('type', ({ stats }) => typeOf(stats));
  if (differences.length > 0) return differences;
  if (!left.stats.isSymbolicLink()) compare('mode', ({ stats }) => (stats.mode & 0o7777n).toString(8));
  compare('owner', ({ stats }) => `${stats.uid}:${stats.gid}`);
  compare('attributes', ({ path }) => describeAttributes(path));
  if (left.stats.isCharacterDevice() || left.stats.isBlockDevice())
    compare('device', ({ stats }) => String(stats.rdev));
  if (left.stats.isSymbolicLink()) {
    const [one, other] = [await readlink(left.path), await readlink(right.path)];
    if (one !== other) differences.push({ what: 'target', left: one, right: other });
  } else if (left.stats.isFile()) {
    const content = await compareContents(left, right, worth);
    if (content !== undefined) differences.push(content);
  }
  return differences;
}

async function compareContents(
  left: Entry,
  right: Entry,
  { meaningOf, areAlike }: Worth,
): Promise<EntryDifference | undefined> {
  const [one, other] = [await readFile(left.path), await readFile(right.path)];
  if (one.equals(other)) return undefined;
  const [meaning, otherMeaning] = [meaningOf(one), meaningOf(other)];
  if (meaning === undefined || otherMeaning === undefined) {
    if (areAlike(one, other)) return undefined;
    return { what: 'content', left: `${one.length} bytes`, right: `${other.length} bytes` };
  }
  if (meaning === otherMeaning) return undefined;
  return { what: 'content', ...firstDifference(meaning, otherMeaning) };
}

function firstDifference(left: string, right: string): { left: string; right: string } {
  const [one, other] = [left.split('\n'), right.split('\n')];
  const index = one.findIndex((line, at) => line !== other[at]);
  const line = index < 0 ? one.length : index;
  return { left: one[line] ?? '(end)', right: other[line] ?? '(end)' };
}

function describeAttributes(path: string): string {
  return listExtendedAttributes(path)
    .map(({ name, value }) => `${name}=${Buffer.from(value).toString('hex')}`)
    .sort()
    .join(' ');
}

function typeOf(stats: BigIntStats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isSymbolicLink()) return 'symbolic link';
  if (stats.isFIFO()) return 'pipe';
  return stats.isSocket() ? 'socket' : 'device';
}
