// SPDX-License-Identifier: GPL-2.0-or-later
import type { UnpackedPackage } from './unpacked-package.ts';

/**
 * Paths of what these packages have to be installed together with: over a root in which that was configured before, they
 * give something else than all of it in one go. Empty for most; `/` where nothing may have been configured before.
 */
export function installedAtOnceWith(packages: readonly UnpackedPackage[]): string[] {
  const paths: string[] = [];
  const users = packages.filter(makesUsers).length;
  // what one of several waits for decides which is the first, so that may not be there either
  if (users > 1) return ['/'];
  if (users > 0) paths.push('/etc/passwd', '/etc/group');
  if (packages.some(bringsTex)) paths.push('/var/lib/dpkg/info/tex-common.list');
  return paths;
}

/**
 * Where dpkg keeps what is diverted and what has an owner of the administrator's, if scripts of layers have changed that for
 * a path of these packages: at once, they would have found the path unpacked, and may have left it as it was. Else empty.
 */
export function reservedSince(
  packages: readonly UnpackedPackage[],
  atBase: ReadonlySet<string>,
  now: ReadonlySet<string>,
): string[] {
  const changed = now.symmetricDifference(atBase);
  const isConcerned = packages.some(({ manifest }) => manifest.entries.some(({ path }) => changed.has(path)));
  return isConcerned ? ['/var/lib/dpkg/diversions', '/var/lib/dpkg/statoverride'] : [];
}

/**
 * Users and groups get the next number that is free: which one depends on the order in which packages are configured, and
 * that on everything which waits to be configured.
 */
export function makesUsers(unpacked: UnpackedPackage): boolean {
  const scripts = `${unpacked.preinst}\n${unpacked.postinst}`;
  return /\b(adduser|addgroup|useradd|groupadd|systemd-sysusers)\b/.test(scripts);
}

const texTrees = ['/usr/share/texmf', '/usr/share/texlive/texmf-dist', '/var/lib/tex-common'];

/**
 * What tex-common's triggers do depends on whether they were processed before: the lists of languages are written after the
 * index of files, so that only the next time they are found, and the formats of all engines are made with them.
 */
function bringsTex({ name, manifest }: UnpackedPackage): boolean {
  if (name === 'tex-common') return false;
  return manifest.entries.some(({ path }) => texTrees.some((tree) => path.startsWith(`${tree}/`)));
}
