// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { readText } from '../../../host/files.ts';
import { type Paragraph, parseDeb822 } from '../deb822.ts';

/** Where the parts of an unpacked package are, below its directory. */
export const unpackedLayout = {
  data: 'data',
  control: 'control',
  manifest: 'manifest.json',
  /** The package itself, not compressed; only of those that dpkg has to unpack anyway. */
  plain: 'plain.deb',
} as const;

/** One path that a package puts down. Paths are absolute inside a root and as the package has them. */
export type UnpackedEntry =
  | {
      readonly kind: 'directory';
      readonly path: string;
      /** Permission bits. */
      readonly mode: number;
      readonly uid: number;
      readonly gid: number;
    }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'symlink'; readonly path: string; readonly target: string }
  /** A device, a pipe: dpkg's to make. */
  | { readonly kind: 'special'; readonly path: string };

/** What is known of an unpacked package without looking at its files again; parents stand before children. */
export interface Manifest {
  readonly entries: readonly UnpackedEntry[];
  /** Names in the control directory besides `control` itself. */
  readonly members: readonly string[];
}

/** A package of the store, unpacked: its files at `directory`/data, its control files at `directory`/control. */
export interface UnpackedPackage {
  readonly directory: string;
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly control: Paragraph;
  /** The text of its control file. */
  readonly controlText: string;
  readonly manifest: Manifest;
  /** Texts of the control files that decide how it is installed. */
  readonly preinst: string;
  readonly postinst: string;
  readonly triggers: string;
  readonly conffiles: string;
}

/** Reads an unpacked package. Throws Node's ENOENT where a part of it is gone. */
export async function readUnpackedPackage(directory: string): Promise<UnpackedPackage> {
  const manifest = JSON.parse(await readText(join(directory, unpackedLayout.manifest))) as Manifest;
  const member = async (name: string): Promise<string> =>
    manifest.members.includes(name) ? readText(join(directory, unpackedLayout.control, name)) : '';
  const controlText = await readText(join(directory, unpackedLayout.control, 'control'));
  const [control] = parseDeb822(controlText);
  return {
    directory,
    name: control?.get('package') ?? '',
    version: control?.get('version') ?? '',
    architecture: control?.get('architecture') ?? '',
    control: control ?? new Map(),
    controlText,
    manifest,
    preinst: await member('preinst'),
    postinst: await member('postinst'),
    triggers: await member('triggers'),
    conffiles: await member('conffiles'),
  };
}

/** The name of a package in dpkg's database: with its architecture where several of them may be installed at once. */
export function databaseName(unpacked: UnpackedPackage): string {
  return unpacked.control.get('multi-arch') === 'same'
    ? `${unpacked.name}:${unpacked.architecture}`
    : unpacked.name;
}
