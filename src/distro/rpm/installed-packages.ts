// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { fillFromSolv, writeSolv } from '../../host/libsolv/solv-files.ts';
import { SolvPool } from '../../host/libsolv/solv-pool.ts';
import type { ResolveContext } from '../resolution.ts';
import type { Root } from '../root.ts';
import { type FrozenDirectory, frozenLayout, readFrozenDirectory } from './frozen-directory.ts';
import { RepositoryPool } from './repository-pool.ts';

/** The base's packages for libsolv, in the directory of what resolving over the base needs. */
export const installedSolv = 'installed.solv';

/** A package that is installed, as rpm names it. */
export interface InstalledPackage {
  readonly name: string;
  /** Without an epoch of 0. */
  readonly version: string;
  readonly architecture: string;
}

const queryFormat = '%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH}\\n';

/**
 * Notes which of the snapshot's packages the base has, once: its own rpm says it, whatever the format of its database, and
 * their dependencies and files are the snapshot's. Throws PasekaError base-failed.
 */
export async function prepareResolver(root: Root, context: ResolveContext): Promise<void> {
  const result = await root.run({
    command: ['rpm', '-qa', '--queryformat', queryFormat],
    identity: 'root',
    output: 'capture',
  });
  if (result.end.kind !== 'exited' || result.end.exitCode !== 0) {
    throw failed(
      `its rpm does not say what is installed: ${JSON.stringify(result.end)} ${result.tail.trim().slice(-500)}`,
    );
  }
  const frozen = await readFrozenDirectory(context.frozenDirectory);
  writeInstalled(
    context.frozenDirectory,
    frozen,
    parseInstalled(result.output),
    join(context.preparedDirectory, installedSolv),
  );
}

/** Parses what rpm printed for {@link queryFormat}; keys that it keeps as packages are left out. */
export function parseInstalled(output: string): InstalledPackage[] {
  return output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', version = '', architecture = ''] = line.split(' ');
      return { name, version: version.replace(/^0:/, ''), architecture };
    })
    .filter(({ name }) => name !== 'gpg-pubkey');
}

/** Writes those of the snapshot's packages that are installed as a repository of their own. Throws PasekaError base-failed. */
export function writeInstalled(
  frozenDirectory: string,
  frozen: FrozenDirectory,
  installed: readonly InstalledPackage[],
  path: string,
): void {
  const repositories = RepositoryPool.open(frozenDirectory, frozen);
  using known = repositories.pool;
  const wanted = new Set<string>();
  for (const { name, version, architecture } of installed) {
    const id = repositories
      .preferredFirst(repositories.packagesOfName(name))
      .find(
        (one) => repositories.version(one) === version && repositories.architecture(one) === architecture,
      );
    if (id === undefined)
      throw failed(`it has ${name} ${version} (${architecture}), which the snapshot has not`);
    wanted.add(`${name} ${version} ${architecture} ${known.lookupChecksum(id)}`);
  }
  using pool = new SolvPool();
  const files = frozen.repositories.map(({ directory }) =>
    join(frozenDirectory, directory, frozenLayout.solv),
  );
  const all = pool.add('installed', 0, (repository) => files.every((file) => fillFromSolv(file)(repository)));
  pool.filter(all, (id) => {
    const name = pool.text(pool.nameId(id));
    const [version, architecture] = [pool.text(pool.evrId(id)), pool.text(pool.archId(id))];
    return wanted.delete(`${name} ${version} ${architecture} ${pool.lookupChecksum(id)}`);
  });
  writeSolv(pool.pointer, all.pointer, path);
}

function failed(why: string): PasekaError {
  return new PasekaError(
    'base-failed',
    `the base can't be resolved over: ${why}`,
    'run paseka doctor; create the snapshot anew',
  );
}
