// SPDX-License-Identifier: GPL-2.0-or-later
import { readTextInside } from '../../host/path-inside.ts';
import type { Root } from '../root.ts';
import { parseDeb822 } from './deb822.ts';

/** A package in dpkg's database. */
export interface DpkgPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** The third word of Status: `installed`, `config-files`, `half-configured`, ... */
  readonly state: string;
  readonly essential: boolean;
  /** Depends and Pre-Depends as they stand in the control file. */
  readonly depends: string;
  readonly provides: string;
}

/** Reads a root's dpkg database from outside; keyed by name and architecture (`name:arch`). */
export async function readDpkgStatus(root: Root): Promise<Map<string, DpkgPackage>> {
  return parseDpkgStatus((await readTextInside(root.directory, 'var/lib/dpkg/status')) ?? '');
}

/** Parses the text of `/var/lib/dpkg/status`. */
export function parseDpkgStatus(text: string): Map<string, DpkgPackage> {
  const packages = new Map<string, DpkgPackage>();
  for (const paragraph of parseDeb822(text)) {
    const name = paragraph.get('package') ?? '';
    const architecture = paragraph.get('architecture') ?? '';
    packages.set(`${name}:${architecture}`, {
      name,
      architecture,
      version: paragraph.get('version') ?? '',
      state: paragraph.get('status')?.split(' ')[2] ?? '',
      essential: paragraph.get('essential') === 'yes',
      depends: [paragraph.get('pre-depends'), paragraph.get('depends')].filter(Boolean).join(', '),
      provides: paragraph.get('provides') ?? '',
    });
  }
  return packages;
}
