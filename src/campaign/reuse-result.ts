// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { digestOfParts, type Sha256 } from '../base/digest.ts';
import type { EarlierResult } from '../db/earlier-results.ts';
import type { SourceFiles } from '../distro/source-input.ts';
import { fileSize, isErrno, linkOrCopy, makeDirectory, removeTree } from '../host/files.ts';
import { hashFile } from '../host/hash-file.ts';
import { syncTree } from '../host/sync-tree.ts';
import type { Attempt } from './attempt.ts';
import { resultNameOf } from './result-name.ts';
import type { ReusableResults } from './reusable-results.ts';

/** Raise it when building or checking does something else: older results are then not taken over any more. */
const recipeVersion = 2;

/** Most earlier results that are looked at: the packages of the newest ones may be gone. */
const mostLooks = 5;

/** What a build sees. */
export interface BuildInputs {
  readonly base: { readonly contents: Sha256 };
  readonly source: SourceFiles;
  readonly packages: readonly { readonly sha256: Sha256 }[];
  readonly removed: readonly string[];
}

/**
 * Digest of everything that a build depends on; undefined where that can't be told: a directory of the user's is not read for
 * this. The parts, and why each is there:
 * - the source's files, and what is in the base and over it: all that a build without a network can see. Not which snapshot that
 *   was found in, so that a newer one rebuilds only what it reaches; the user's own packages are among it where they are used, so
 *   that a change rebuilds only what it can reach;
 * - profiles change the build itself;
 * - a number for what this program itself does.
 *
 * Not in it are workers, processes, limits and places: they decide whether a build comes to its end, not what it gives, and
 * only what came to its end is taken over. Nor is anything of install checks, which are done again: those that passed with the
 * same packages are remembered (check-results.ts).
 */
export async function inputsOf(attempt: Attempt, build: BuildInputs): Promise<Sha256 | undefined> {
  const { input, files } = build.source;
  if (input.kind === 'directory') return undefined;
  const digests =
    input.kind === 'repository'
      ? input.files.map(({ sha256 }) => sha256)
      : await Promise.all(files.map(({ path }) => hashFile(path)));
  const list = (items: readonly string[]): string => items.toSorted().join(' ');
  return digestOfParts({
    source: `${input.name} ${input.version} ${list(digests)}`,
    base: build.base.contents,
    packages: list(build.packages.map(({ sha256 }) => sha256)),
    removed: list(build.removed),
    profiles: list(attempt.options.profiles),
    recipe: String(recipeVersion),
  });
}

/**
 * Takes over an earlier result whose packages are all there and as they were: they are linked to where this attempt's own would
 * be. Undefined where there is none. Throws PasekaError disk-full.
 */
export async function takeOver(
  attempt: Pick<Attempt, 'resultsDirectory'>,
  inputs: Sha256,
  { earlier, campaigns }: ReusableResults,
): Promise<EarlierResult | undefined> {
  for (const result of earlier.find(inputs, mostLooks)) {
    const directory = join(campaigns, result.campaign, 'results', resultNameOf(result));
    if (directory === attempt.resultsDirectory || !(await isWhole(directory, result))) continue;
    if (await areLinked(result, directory, attempt.resultsDirectory)) return result;
  }
  return undefined;
}

/** False where they are being deleted meanwhile. */
async function areLinked({ artifacts }: EarlierResult, from: string, to: string): Promise<boolean> {
  await removeTree(to);
  await makeDirectory(to);
  try {
    for (const { file } of artifacts) await linkOrCopy(join(from, file), join(to, file));
    await syncTree(to);
    return true;
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    await removeTree(to);
    return false;
  }
}

/** By their content: after a power failure a file can have its size and nothing in it. */
async function isWhole(directory: string, { artifacts }: EarlierResult): Promise<boolean> {
  try {
    for (const { file, bytes, sha256 } of artifacts) {
      const path = join(directory, file);
      if ((await fileSize(path)) !== bytes || (await hashFile(path)) !== sha256) return false;
    }
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
  return artifacts.length > 0;
}
