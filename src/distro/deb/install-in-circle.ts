// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { linkOrCopy, makeTemporaryDirectory } from '../../host/files.ts';
import type { InstallEnd, InstallRequest } from '../distribution.ts';
import type { ResolveContext } from '../resolution.ts';
import type { Bind, Root } from '../root.ts';
import { localMount } from './apt-in-root.ts';
import { dpkgFailure, runDpkg } from './dpkg-in-root.ts';
import { type DpkgPackage, readDpkgStatus } from './dpkg-status.ts';
import { archiveFileName } from './file-name.ts';
import { withServicesOff } from './install-by-apt.ts';

/**
 * Brings in the dependencies of a package that some of them need in turn. apt does not take them without it, so dpkg alone unpacks
 * them, in the order of the resolution, and configures those that don't need it; the others stay unpacked, and wait.
 */
export async function installInCircle(
  root: Root,
  context: ResolveContext,
  { packages, removed, pathOf }: InstallRequest,
): Promise<InstallEnd> {
  await using archives = await makeTemporaryDirectory(context.scratchDirectory, 'archives-');
  const names: string[] = [];
  for (const chosen of packages) {
    const name = chosen.from === 'local' ? chosen.fileName : archiveFileName(chosen);
    await linkOrCopy(chosen.from === 'local' ? chosen.path : pathOf(chosen), join(archives.path, name));
    names.push(join(localMount, name));
  }
  const bind: Bind = { source: archives.path, target: localMount };
  return await withServicesOff(root, async () => {
    if (removed.length > 0) {
      const end = dpkgFailure(
        await runDpkg(root, ['--force-remove-essential', '--force-depends', '--remove', ...removed]),
      );
      if (end !== undefined) return end;
    }
    const end = dpkgFailure(
      await runDpkg(root, ['--force-depends', '--auto-deconfigure', '--unpack', ...names], [bind]),
    );
    if (end !== undefined) return end;
    // each that waits counts as an error
    const result = await runDpkg(root, [`--abort-after=${names.length + 50}`, '--configure', '--pending']);
    const hasFailed = halfDone(await readDpkgStatus(root)).length > 0;
    return (
      (result.end.kind !== 'exited' || hasFailed ? dpkgFailure(result) : undefined) ?? { kind: 'installed' }
    );
  });
}

/** Names of packages that are unpacked only. */
export function waitingPackages(packages: ReadonlyMap<string, DpkgPackage>): string[] {
  return [...packages.values()].filter(({ state }) => state === 'unpacked').map(({ name }) => name);
}

/** Names of packages whose installation has failed. */
export function halfDone(packages: ReadonlyMap<string, DpkgPackage>): string[] {
  return [...packages.values()].filter(({ state }) => state.startsWith('half-')).map(({ name }) => name);
}
