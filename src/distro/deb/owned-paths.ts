// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Paths that maintainer scripts and dpkg itself make as a matter of course, and that no package owns: registries and
 * caches with an owner of their own. Everything else that appears unowned is worth a warning. Each with its reason.
 */
const registries: readonly RegExp[] = [
  /^\/var\/lib\/dpkg(\/|$)/, // dpkg's database
  /^\/var\/(cache|log)(\/|$)/, // caches and logs may be made at any time (FHS 5.5, 5.10)
  /^\/var\/lib\/(apt|systemd|ucf|python|pam|dbus|initramfs-tools|update-rc\.d)(\/|$)/, // state of the tools that scripts call
  /^\/etc\/(ld\.so\.cache|passwd-?|group-?|shadow-?|gshadow-?|subuid-?|subgid-?|\.pwd\.lock|mtab|shells)$/, // user database, linker cache
  /^\/etc\/alternatives(\/|$)/, // update-alternatives
  /^\/etc\/(rc[0-6S]\.d|systemd\/(system|user))(\/|$)/, // enabled services (update-rc.d, deb-systemd-helper)
  /^\/usr\/share\/(info\/dir|mime\/|icons\/.*icon-theme\.cache|applications\/mimeinfo\.cache|glib-2\.0\/schemas\/gschemas\.compiled)/, // made by triggers
  /(^|\/)__pycache__(\/|$)/, // py3compile; py3clean takes it away
  /^\/(run|tmp|dev|proc|sys|mnt)(\/|$)/, // not kept
  /^\/usr\/lib\/locale\//, // locale-gen
];

/** Directories that are links into /usr on a merged-/usr system: a package may still list the old name. */
const mergedDirectories = /^\/(bin|sbin|lib|lib32|lib64|libx32|libo32)(?=\/|$)/;

/** The real path on a merged-/usr system. */
export function mergedPath(path: string): string {
  return path.replace(mergedDirectories, '/usr/$1');
}

/** Whether nobody is expected to own the path. */
export function isRegistryPath(path: string): boolean {
  return registries.some((pattern) => pattern.test(path));
}

/** Links that update-alternatives keeps, from the text of the files in /var/lib/dpkg/alternatives. */
export function alternativeLinks(files: readonly string[]): Set<string> {
  const links = new Set<string>();
  for (const text of files) {
    const lines = text.split('\n');
    // The format: mode, master link, then pairs of slave name and slave link up to an empty line.
    if (lines[1] !== undefined) links.add(mergedPath(lines[1]));
    for (let index = 2; index + 1 < lines.length && lines[index] !== ''; index += 2) {
      links.add(mergedPath(lines[index + 1] ?? ''));
    }
  }
  return links;
}
