// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { digestOfParts, type Sha256 } from '../base/digest.ts';
import type { Distribution, VerifyRequest } from '../distro/distribution.ts';
import type { RemoteFile } from '../distro/source-input.ts';
import { appendText, readText, readTextIfExists } from '../host/files.ts';

/**
 * Which package files were found to be signed by which keys: `signed/KEYS`, a line with a file's digest for each. KEYS is a
 * digest of the keys' contents, so that nothing that is noted can ever become wrong, whichever snapshot it was noted for; what a
 * power failure takes is checked again. Several processes may add lines to one file: each write is whole.
 */
export class CheckedSignatures {
  readonly #directory: string;
  /** Of keys as a snapshot names them, which never change. */
  readonly #keys = new Map<string, Promise<Sha256>>();
  readonly #checked = new Map<Sha256, Promise<Set<string>>>();

  /** @param directory where they are kept; existing. */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Of these files those that have to be signed and were not found to be so yet: in microseconds each, without a look at them. */
  async unchecked<T extends RemoteFile>(frozenDirectory: string, files: readonly T[]): Promise<readonly T[]> {
    const left: T[] = [];
    for (const file of files) {
      if (file.signedBy === undefined) continue;
      const checked = await this.#ofKeys(await this.#keysOf(frozenDirectory, file.signedBy));
      if (!checked.has(file.sha256)) left.push(file);
    }
    return left;
  }

  /** Checks those that were not checked before. Throws what {@link Distribution.verifyFiles} throws. */
  async verify(distribution: Pick<Distribution, 'verifyFiles'>, request: VerifyRequest): Promise<void> {
    const { frozenDirectory } = request;
    const files = await this.unchecked(frozenDirectory, request.files);
    if (files.length === 0) return;
    await distribution.verifyFiles({ ...request, files });
    const byKeys = new Map<Sha256, string[]>();
    for (const { sha256, signedBy = [] } of files) {
      const keys = await this.#keysOf(frozenDirectory, signedBy);
      byKeys.set(keys, [...(byKeys.get(keys) ?? []), sha256]);
    }
    for (const [keys, digests] of byKeys) {
      const checked = await this.#ofKeys(keys);
      for (const digest of digests) checked.add(digest);
      await appendText(join(this.#directory, keys), digests.map((digest) => `${digest}\n`).join(''));
    }
  }

  #keysOf(frozenDirectory: string, paths: readonly string[]): Promise<Sha256> {
    const name = [frozenDirectory, ...paths].join('\n');
    const known = this.#keys.get(name);
    if (known !== undefined) return known;
    const keys = Promise.all(paths.map((path) => readText(join(frozenDirectory, path)))).then((texts) =>
      digestOfParts(Object.fromEntries(texts.toSorted().map((text, place) => [String(place), text]))),
    );
    this.#keys.set(name, keys);
    return keys;
  }

  #ofKeys(keys: Sha256): Promise<Set<string>> {
    const known = this.#checked.get(keys);
    if (known !== undefined) return known;
    const checked = readTextIfExists(join(this.#directory, keys)).then(
      (text) => new Set((text ?? '').split('\n')),
    );
    this.#checked.set(keys, checked);
    return checked;
  }
}
