// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { environmentDifferences } from '../../campaign/counted-environment.ts';
import { changedInputs } from '../../campaign/prepare-workdir.ts';
import { isDirectory } from '../../host/files.ts';
import { isPreparedName, type PreparedDirectory } from '../../store/prepared/prepared-directory.ts';
import type { PreparedStore } from '../../store/prepared/prepared-store.ts';
import { unknownWorkdir } from './open-prepared.ts';

/** What clones are made from: it stays as long as this is not disposed of. */
export interface Origin extends Disposable {
  readonly directory: string;
  /** Absent for a directory of the user's own. */
  readonly prepared?: PreparedDirectory;
}

/**
 * What `--from` means: a prepared directory of that name, else a directory. Throws PasekaError unknown-workdir,
 * not-a-directory.
 */
export async function openOrigin(store: PreparedStore, word: string): Promise<Origin> {
  const use = isPreparedName(word) ? await store.use(word) : undefined;
  if (use !== undefined) return use;
  const directory = resolve(word);
  if (await isDirectory(directory)) return { directory, [Symbol.dispose]: () => undefined };
  if (isPreparedName(word)) throw await unknownWorkdir(store, word);
  throw new PasekaError(
    'not-a-directory',
    `${directory} is not a directory`,
    'give the path of a prepared directory',
  );
}

/** Throws PasekaError workdir-outdated where what it was prepared from is another now, or the language is. */
export async function checkPrepared(
  prepared: PreparedDirectory,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const [difference] = environmentDifferences(prepared.environment, environment);
  if (difference !== undefined) {
    const { name, before, now } = difference;
    throw new PasekaError(
      'workdir-outdated',
      `${name} is ${now ?? 'not set'} here, and was ${before ?? 'not set'} when ${prepared.name} was prepared`,
      before === null
        ? `run it with ${name} unset, or prepare ${prepared.name} again as it is set here`
        : `run it with ${name}=${before}, or prepare ${prepared.name} again as it is set here`,
    );
  }
  const changed = await changedInputs(prepared.inputs);
  if (changed.length === 0) return;
  throw new PasekaError(
    'workdir-outdated',
    `${changed.join(', ')} changed since ${prepared.name} was prepared`,
    `run paseka workdir prepare ${prepared.name} again, with the same words`,
  );
}
