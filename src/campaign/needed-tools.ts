// SPDX-License-Identifier: GPL-2.0-or-later

export interface NeededTool {
  readonly name: string;
  /** The Debian package that has it. */
  readonly package: string;
  /** For Debian's packages alone: a host of another distribution can do without. */
  readonly isDebians?: true;
  readonly purpose: string;
}

/** Every program of the host that this one starts. */
export const neededTools: readonly NeededTool[] = [
  { name: 'unshare', package: 'util-linux', purpose: 'private namespaces' },
  { name: 'setpriv', package: 'util-linux', purpose: 'processes that die with this one' },
  { name: 'mount', package: 'mount', purpose: 'clones of prepared directories' },
  { name: 'newuidmap', package: 'uidmap', purpose: 'ordinary users: their subordinate ids' },
  { name: 'newgidmap', package: 'uidmap', purpose: 'ordinary users: their subordinate ids' },
  { name: 'bwrap', package: 'bubblewrap', purpose: 'sandboxes' },
  { name: 'apt-get', package: 'apt', purpose: 'freezing and resolving', isDebians: true },
  { name: 'dpkg-deb', package: 'dpkg', purpose: 'reading packages', isDebians: true },
  { name: 'dpkg-source', package: 'dpkg-dev', purpose: 'reading source packages', isDebians: true },
  { name: 'gpgv', package: 'gpgv', purpose: 'checking signatures' },
  { name: 'mmdebstrap', package: 'mmdebstrap', purpose: 'making bases', isDebians: true },
  { name: 'cp', package: 'coreutils', purpose: 'roots where overlays can not be had' },
];
