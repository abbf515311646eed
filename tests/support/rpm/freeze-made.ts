// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdir } from 'node:fs/promises';
import type { Repository } from '../../../src/distro/repository.ts';
import { rpm } from '../../../src/distro/rpm/rpm.ts';

/** What a made repository takes to be frozen; unsigned where nothing else is said. */
export type MadeRepository = Pick<Repository, 'uri' | 'suite'> & Partial<Repository>;

/** Freezes repositories for x86_64 into a new directory; that directory. */
export async function freezeMade(
  repositories: readonly MadeRepository[],
  directory: string,
  onProgress?: (line: string) => void,
): Promise<string> {
  await mkdir(directory, { recursive: true });
  const whole = repositories.map((one) => ({
    components: [],
    ...(one.signedBy === undefined ? { trusted: true } : {}),
    ...one,
  }));
  const request = { repositories: whole, architecture: 'x86_64' };
  await rpm.freeze(onProgress === undefined ? request : { ...request, onProgress }, directory);
  return directory;
}
