// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sha256 } from '../../base/digest.ts';
import type { Archive } from '../../distro/archive-check.ts';
import type { ResolvedPackage } from '../../distro/distribution.ts';
import type { ElfObject } from '../../elf/elf-object.ts';
import { readElf } from '../../elf/read-elf.ts';
import { readStart, readWholeFile } from '../../host/whole-file.ts';
import type { PackageFiles } from './package-files.ts';

/** An ELF file of a package. */
export interface ElfFile {
  /** Absolute inside a root. */
  readonly path: string;
  readonly object: ElfObject;
}

/** What is bigger is debug information, which nothing is linked with. */
const mostBytes = 512 * 1024 * 1024;
const magicBytes = 4;

/** The programs and libraries of packages, read once. */
export class ElfFiles {
  readonly #files: PackageFiles;
  readonly #read = new Map<Sha256, Promise<readonly ElfFile[] | undefined>>();

  constructor(files: PackageFiles) {
    this.#files = files;
  }

  /** Whether there can be any in a package. */
  mayBeIn(one: ResolvedPackage): boolean {
    return this.#files.mayHaveElf(one);
  }

  /** All of a package that the dynamic linker may meet; undefined where the package is not at hand. */
  async of(one: ResolvedPackage, mayFetch: boolean): Promise<readonly ElfFile[] | undefined> {
    const known = this.#read.get(one.sha256);
    if (known !== undefined) return known;
    const files = await this.#files.open(one, mayFetch);
    if (files === undefined) return undefined;
    const reading = readAll(files.files.filter(({ kind }) => kind === 'file'));
    this.#read.set(one.sha256, reading);
    return reading;
  }

  /**
   * Who would give each library that a file needs, directly or not, in a set of packages; those that a name hints at are
   * looked into first, and no more than needed.
   */
  async librariesFor(
    object: ElfObject,
    set: readonly ResolvedPackage[],
    mayFetch: boolean,
  ): Promise<ReadonlyMap<string, ElfObject>> {
    const found = new Map<string, ElfObject>();
    const seen = new Set<string>();
    const queue = [...object.needed];
    for (let soname = queue.shift(); soname !== undefined; soname = queue.shift()) {
      if (seen.has(soname)) continue;
      seen.add(soname);
      const library = await this.#find(soname, object, set, mayFetch);
      if (library === undefined) continue;
      found.set(soname, library);
      queue.push(...library.needed);
    }
    return found;
  }

  async #find(
    soname: string,
    object: ElfObject,
    set: readonly ResolvedPackage[],
    mayFetch: boolean,
  ): Promise<ElfObject | undefined> {
    const stem = soname
      .replace(/[-.]?so.*$/, '')
      .replaceAll('_', '-')
      .toLowerCase();
    const isHinted = ({ name }: ResolvedPackage): boolean => stem !== '' && name.startsWith(stem);
    const order = [...set.filter(isHinted), ...set.filter((one) => !isHinted(one))];
    for (const one of order) {
      if (!this.mayBeIn(one)) continue;
      for (const file of (await this.of(one, mayFetch)) ?? []) {
        if (file.object.bits !== object.bits || file.object.machine !== object.machine) continue;
        if (librarySoname(file) === soname) return file.object;
      }
    }
    return undefined;
  }
}

/** The name by which a shared library is needed; undefined for anything else. */
export function librarySoname({ path, object }: ElfFile): string | undefined {
  if (object.type !== 'shared') return undefined;
  const name = path.slice(path.lastIndexOf('/') + 1);
  return object.soname ?? (/\.so(\.|$)/.test(name) ? name : undefined);
}

/** The archive's set for a package, or the package alone where none was found. */
export function installSet(archive: Archive, one: ResolvedPackage): readonly ResolvedPackage[] {
  return archive.installSetOf(one) ?? [one];
}

async function readAll(
  files: readonly { readonly path: string; readonly location: string }[],
): Promise<readonly ElfFile[]> {
  const found: ElfFile[] = [];
  for (const { path, location } of files) {
    const start = await readStart(location, magicBytes);
    if (start.bytes > mostBytes || !isElf(start.content)) continue;
    const bytes = await readWholeFile(location);
    const reading = bytes === undefined ? undefined : readElf(bytes);
    if (reading?.kind === 'object' && isLinked(reading.object)) found.push({ path, object: reading.object });
  }
  return found;
}

function isElf(start: Uint8Array): boolean {
  return Buffer.from(start).equals(Buffer.from([0x7f, 0x45, 0x4c, 0x46]));
}

function isLinked({ type, symbols, needed }: ElfObject): boolean {
  return (type === 'executable' || type === 'shared') && symbols.length + needed.length > 0;
}
