// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { z } from 'zod';
import { digestOfParts, type Sha256 } from '../base/digest.ts';
import { makeDirectory, readTextIfExists, writeTextAtomically } from '../host/files.ts';
import { markUsed } from '../host/pool-files.ts';

/** What the result of an install check depends on. */
export interface CheckSubject {
  readonly package: Sha256;
  /** What is in the root that it is checked in. */
  readonly base: Sha256;
  /** Digests of what it was installed with. */
  readonly dependencies: readonly Sha256[];
  readonly removed: readonly string[];
}

const resultSchema = z.object({ warnings: z.array(z.string()) });

/** Raise it when the check looks at something else: older results are then not used any more. */
const recipeVersion = 2;

/**
 * Packages that passed their install check, by everything that can change the result: `checks/AA/KEY`, with the
 * warnings. What failed is not kept: it is worth another try.
 */
export class CheckResults {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The warnings of a check that passed before; undefined where none did. */
  async find(subject: CheckSubject): Promise<readonly string[] | undefined> {
    const path = this.#pathOf(subject);
    const text = await readTextIfExists(path);
    const warnings = text === undefined ? undefined : parseWarnings(text);
    if (warnings === undefined) return undefined;
    await markUsed(path);
    return warnings;
  }

  async keep(subject: CheckSubject, warnings: readonly string[]): Promise<void> {
    const path = this.#pathOf(subject);
    await makeDirectory(join(path, '..'));
    await writeTextAtomically(path, `${JSON.stringify({ warnings })}\n`);
  }

  #pathOf(subject: CheckSubject): string {
    const key = digestOfParts({
      package: subject.package,
      base: subject.base,
      dependencies: subject.dependencies.toSorted().join(' '),
      removed: subject.removed.toSorted().join(' '),
      recipe: String(recipeVersion),
    });
    return join(this.#directory, key.slice(0, 2), key);
  }
}

/** Undefined for what is no result: after a power failure a file can have its name and no content. */
function parseWarnings(text: string): readonly string[] | undefined {
  try {
    return resultSchema.safeParse(JSON.parse(text)).data?.warnings;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
