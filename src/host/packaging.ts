// SPDX-License-Identifier: GPL-2.0-or-later

/** How packages are installed on a host; `unknown`: nobody said. */
export type Packaging = 'debian' | 'dnf' | 'zypper' | 'apt-rpm' | 'unknown';

/** Something that a host may lack. */
export interface Installable {
  /** Debian's packages. */
  readonly debian: string;
  /** What the package of any RPM distribution provides: the path of a program, or a library. Names differ among them. */
  readonly provided: string;
}

const byName: ReadonlyMap<string, Packaging> = new Map([
  ['debian', 'debian'],
  ['altlinux', 'apt-rpm'],
  ['suse', 'zypper'],
  ['opensuse', 'zypper'],
  ['fedora', 'dnf'],
  ['rhel', 'dnf'],
]);

/** By the text of an os-release(5): its ID, then what it says that it is like, in that order. Of Debian's hosts alone this was tried. */
export function packagingOf(osRelease: string): Packaging {
  const fieldOf = (name: string): string =>
    new RegExp(`^${name}=["']?([^"'\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  const names = [fieldOf('ID'), ...fieldOf('ID_LIKE').split(/\s+/)];
  return names.map((name) => byName.get(name.toLowerCase())).find((one) => one !== undefined) ?? 'unknown';
}

/** Whether the packages of such a host are RPM's. */
export function isOfRpm(packaging: Packaging): boolean {
  return packaging !== 'debian' && packaging !== 'unknown';
}

/** What to do to get it. apt-rpm, dnf and zypper find packages by what they provide. */
export function installRemedy(packaging: Packaging, { debian, provided }: Installable): string {
  switch (packaging) {
    case 'debian':
      return `run: sudo apt-get install ${debian}`;
    case 'apt-rpm':
      return `run: sudo apt-get install ${quoted(provided)}`;
    case 'dnf':
      return `run: sudo dnf install ${quoted(provided)}`;
    case 'zypper':
      return `run: sudo zypper install ${quoted(provided)}`;
    case 'unknown':
      return `install what provides ${provided} (of Debian: ${debian})`;
  }
}

function quoted(word: string): string {
  return /^[\w/.+-]+$/.test(word) ? word : `'${word}'`;
}
