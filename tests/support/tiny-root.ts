// SPDX-License-Identifier: GPL-2.0-or-later
import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bind, builderId } from '../../src/distro/root.ts';

/** A root directory of a few files, which borrows the host's /usr: made and removed in a millisecond. */
export interface TinyRoot extends Disposable {
  readonly directory: string;
  /** To be in every request. */
  readonly binds: readonly Bind[];
}

/** `/build` and `/tmp` inside are the build user's to write to. The caller must be root, at least of a user namespace. */
export function makeTinyRoot(): TinyRoot {
  const directory = mkdtempSync(join(tmpdir(), 'root-'));
  chmodSync(directory, 0o755);
  for (const name of ['usr', 'etc', 'proc', 'dev', 'sys', 'run', 'root', 'tmp', 'build'])
    mkdirSync(join(directory, name));
  chmodSync(join(directory, 'tmp'), 0o1777);
  lchownSync(join(directory, 'build'), builderId, builderId);
  for (const name of ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32']) {
    const host = lstatSync(`/${name}`, { throwIfNoEntry: false });
    if (host?.isSymbolicLink() === true) symlinkSync(readlinkSync(`/${name}`), join(directory, name));
  }
  writeFileSync(
    join(directory, 'etc/passwd'),
    `root:x:0:0::/root:/bin/sh\nbuilder:x:${builderId}:${builderId}::/:/bin/sh\n`,
  );
  writeFileSync(join(directory, 'etc/group'), `root:x:0:\nbuilder:x:${builderId}:\n`);
  return {
    directory,
    binds: [{ source: '/usr', target: '/usr' }],
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
}
