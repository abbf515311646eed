// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../base/paseka-error.ts';
import { readText } from '../host/files.ts';

/** Reads the file of `--sources`; `hint` says which files it may be. Throws PasekaError bad-source-list. */
export async function readSourcesFile(path: string, hint: string): Promise<string> {
  try {
    return await readText(path);
  } catch (error) {
    throw new PasekaError(
      'bad-source-list',
      `the sources file ${path} can't be read: ${(error as Error).message}`,
      hint,
      error,
    );
  }
}
