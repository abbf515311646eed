// SPDX-License-Identifier: GPL-2.0-or-later
import type { UnpackedPackage } from './unpacked-package.ts';

/**
 * A package in dpkg's status file as it stands after unpacking, or after configuring where that has nothing to do; dpkg
 * itself brings the fields into its order when it next writes the file. Without the final newline.
 */
export function statusStanza(
  unpacked: UnpackedPackage,
  conffiles: readonly string[],
  state: 'unpacked' | 'installed',
): string {
  const lines = [unpacked.controlText.trimEnd(), `Status: install ok ${state}`];
  if (conffiles.length > 0) {
    lines.push('Conffiles:', ...conffiles.map((path) => ` ${path} newconffile`));
  }
  return lines.join('\n');
}

/** Paths in a control file `conffiles`; undefined where a line has a flag, which is dpkg's to understand. */
export function parseConffiles(text: string): string[] | undefined {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.every((line) => line.startsWith('/') && !/\s/.test(line)) ? lines : undefined;
}

/** The list of its paths, as dpkg keeps it: the root directory first. */
export function pathList(unpacked: UnpackedPackage): string {
  return `${['/.', ...unpacked.manifest.entries.map((entry) => entry.path)].join('\n')}\n`;
}
