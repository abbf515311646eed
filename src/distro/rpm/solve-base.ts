// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import type { PackageFile } from '../source-input.ts';
import { packagesDemand } from './demands.ts';
import { sharedResolver } from './rpm-resolver.ts';

/**
 * The packages that a root with these (names, or dependencies) is made from, where nothing is installed, in the order of
 * installation. Throws PasekaError base-failed where they can't be had together, unknown-package for what nothing has.
 */
export async function solveBase(
  frozenDirectory: string,
  names: readonly string[],
): Promise<readonly PackageFile[]> {
  const resolver = await sharedResolver(frozenDirectory, undefined);
  resolver.use([]);
  const demand = packagesDemand(resolver, { names, local: [] });
  if ('unknown' in demand) {
    throw new PasekaError(
      'unknown-package',
      `the repositories have no ${demand.unknown}, which a base is made with`,
      'add the repository that has it',
    );
  }
  const answer = resolver.answer(demand, false);
  if (answer.kind === 'unsatisfiable') {
    throw new PasekaError(
      'base-failed',
      `a base can't be made of ${names.join(', ')}:\n${answer.explanation}`,
      'add the repositories that have what is missing',
    );
  }
  return answer.packages.flatMap(({ from, ...file }) =>
    from === 'repository' && 'url' in file ? [file] : [],
  );
}
