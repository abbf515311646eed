// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { isSuccess, type ProcessResult } from '../../host/process.ts';
import { askHostRpm, rpmErrors, runHostRpm } from './host-rpm.ts';

/**
 * Where this host's rpm puts its database: what is usual, said explicitly, because Debian's rpm has it in the home directory
 * of whoever runs it. {@link adoptDatabase} brings it to where the root's own rpm has it.
 */
export const hostDatabase = '/var/lib/rpm';

export interface InstalledRoot {
  /** Its `/`. */
  readonly directory: string;
  /** Existing; nothing is left in it that matters. */
  readonly scratchDirectory: string;
  readonly signal?: AbortSignal;
}

/** What the root's rpm is set to: the place as it is when all links are followed (nothing where it is not there), and the format. */
const settingsScript = `
path=$(rpm --eval '%{_dbpath}')
rpm --eval '%{_db_backend}'
cd "$path" 2>/dev/null && pwd -P
exit 0`;

/** $1 the root, $2 a file for all headers, $3 this host's database. What is left of that is only what packages own. */
const adoptScript = `
rpmdb --root "$1" --define "_dbpath $3" --exportdb >"$2" || exit
chroot "$1" /bin/sh -c 'rm -rf "$1"/* "$1"/.rpm.lock; rpmdb --initdb && exec rpmdb --importdb' adopt "$3" <"$2" || exit
exec chroot "$1" /bin/sh -c 'rpm --query --file "$1" >/dev/null 2>&1 || rmdir "$1"' adopt "$3"`;

/**
 * The root's own rpm has to find what this host's rpm installed: where its database is at another place or in another
 * format, it imports what this host's rpm exports. Undefined where it finds as many packages as were planned; else why not.
 */
export async function adoptDatabase(root: InstalledRoot, planned: number): Promise<string | undefined> {
  const [own, backend] = await Promise.all([
    inRoot(root, ['chroot', root.directory, '/bin/sh', '-c', settingsScript]),
    askHostRpm({ command: ['rpm', '--eval', '%{_db_backend}'], ...stopOf(root) }),
  ]);
  const isAsHosts = own.stdout === `${backend.trim()}\n${hostDatabase}\n`;
  let said = '';
  if (!isAsHosts) {
    const exported = join(root.scratchDirectory, 'headers');
    const words = [root.directory, exported, hostDatabase];
    const adopted = await inRoot(root, ['/bin/sh', '-c', adoptScript, 'adopt', ...words]);
    if (adopted.stderr !== '') said = `; ${rpmErrors(adopted.stderr)}`;
  }
  const found = await countInside(root);
  return found === planned ? undefined : `its own rpm finds ${found} of ${planned} packages${said}`;
}

/** How many packages the root's own rpm knows of; keys that are in its database are none. */
async function countInside(root: InstalledRoot): Promise<number> {
  const query = ['chroot', root.directory, 'rpm', '--query', '--all', '--qf', '%{NAME}\\n'] as const;
  const { end, stdout } = await inRoot(root, query);
  if (!isSuccess(end)) return 0;
  return stdout.split('\n').filter((name) => name !== '' && name !== 'gpg-pubkey').length;
}

function inRoot(root: InstalledRoot, command: readonly [string, ...string[]]): Promise<ProcessResult> {
  return runHostRpm({ command, environment: { HOME: '/root' }, contained: true, ...stopOf(root) });
}

function stopOf({ signal }: InstalledRoot): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
