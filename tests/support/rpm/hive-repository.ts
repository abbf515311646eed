// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { isPasekaError, type PasekaError } from '../../../src/base/paseka-error.ts';
import { type LoopbackServer, startLoopbackServer } from '../loopback-server.ts';
import { makeSigningKey, type SigningKey } from '../signing-key.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../temporary-directory.ts';
import { freezeMade, type MadeRepository } from './freeze-made.ts';
import { type MadePackage, writeMadeRepository } from './made-metadata.ts';

/** What {@link HiveRepository} has. */
export const hive: readonly MadePackage[] = [
  { name: 'honey', evr: '2:1.5-3', requires: ['comb >= 2', '/usr/bin/smoke'], files: ['/usr/share/honey'] },
  { name: 'comb', evr: '2.0-1', arch: 'x86_64', provides: ['wax(cell)'] },
  { name: 'comb', evr: '1.0-1', arch: 'x86_64' },
  { name: 'smoker', files: ['/usr/bin/smoke'], recommends: ['hat'] },
  { name: 'hat' },
  { name: 'honey', evr: '2:1.5-3', arch: 'src', requires: ['comb', 'pkgconfig(bees)'] },
  { name: 'candle', evr: '1-1', arch: 'src', requires: ['wax(cell)', '(hat or veil)'] },
];

/** A small signed rpm-md repository in `hive/` of a directory that is served on loopback, anew for each test. */
export class HiveRepository {
  #keys: TemporaryDirectory | undefined;
  #key: SigningKey | undefined;
  #scratch: TemporaryDirectory | undefined;
  #server: LoopbackServer | undefined;
  #counter = 0;

  /** To be made at the top of a file of tests. */
  constructor() {
    beforeAll(async () => {
      this.#keys = await makeTemporaryDirectory('keys-');
      this.#key = await makeSigningKey(join(this.#keys.path, 'gpg'));
    });
    afterAll(async () => {
      await this.#key?.[Symbol.asyncDispose]();
      await this.#keys?.[Symbol.asyncDispose]();
    });
    beforeEach(async () => {
      this.#scratch = await makeTemporaryDirectory('rpm-');
      this.#server = await startLoopbackServer(this.#scratch.path);
      await writeMadeRepository(this.at('hive'), hive);
      await this.sign('hive');
    });
    afterEach(async () => {
      await this.#server?.[Symbol.asyncDispose]();
      await this.#scratch?.[Symbol.asyncDispose]();
    });
  }

  get key(): SigningKey {
    return known(this.#key);
  }

  get server(): LoopbackServer {
    return known(this.#server);
  }

  /** Where the repository is on the server. */
  get uri(): string {
    return `${this.server.uri}/hive`;
  }

  /** A path below what is served. */
  at(path: string): string {
    return join(known(this.#scratch).path, path);
  }

  /** Signs the index of a repository in `at(name)`. */
  async sign(name: string, by: SigningKey = this.key): Promise<void> {
    const repomd = this.at(`${name}/repodata/repomd.xml`);
    await by.detachSign(repomd, `${repomd}.asc`);
  }

  /** As who trusts only the key asks for it. */
  signed(uri = this.uri): MadeRepository {
    return { uri, suite: 'hive', signedBy: join(known(this.#keys).path, 'gpg/public.asc') };
  }

  freeze(...repositories: MadeRepository[]): Promise<string> {
    return freezeMade(repositories, this.at(`frozen-${++this.#counter}`));
  }

  /** Why these can't be frozen. */
  async refused(...repositories: MadeRepository[]): Promise<PasekaError> {
    const error: unknown = await this.freeze(...repositories).catch((reason: unknown) => reason);
    if (!isPasekaError(error)) throw error;
    return error;
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('only inside of a test');
  return value;
}
