// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * Whether an architecture restriction such as `linux-any !hurd-i386` (without brackets) lets a build for
 * `architecture` keep the dependency: all of the list is positive or all is negated (Debian Policy 7.1). Empty keeps.
 */
export function matchesArchitectures(restriction: string, architecture: string): boolean {
  if (restriction === '') return true;
  const words = restriction.split(/\s+/);
  const negated = words[0]?.startsWith('!') === true;
  const named = words.some((word) => matchesArchitecture(word.replace(/^!/, ''), architecture));
  return negated ? !named : named;
}

/** A restriction as the catalog keeps it, `[architectures]<profiles>...`, taken apart; each part may be empty. */
export function splitRestriction(text: string): {
  readonly architectures: string;
  readonly profiles: string;
} {
  const bracket = text.startsWith('[') ? text.indexOf(']') : 0;
  return {
    architectures: bracket > 0 ? text.slice(1, bracket) : '',
    profiles: bracket > 0 ? text.slice(bracket + 1) : text,
  };
}

/** Whether a source with this Architecture field (`any all`, `linux-any`, `amd64 arm64`) gives packages for `architecture`. */
export function isBuiltFor(field: string, architecture: string): boolean {
  return field.split(/\s+/).some((word) => word === 'all' || matchesArchitecture(word, architecture));
}

/** Whether `wildcard` (`any`, `linux-any`, `any-amd64`, `amd64`) stands for `architecture` (dpkg-architecture(1)). */
function matchesArchitecture(wildcard: string, architecture: string): boolean {
  if (wildcard === architecture || wildcard === 'any') return true;
  if (!wildcard.includes('any')) return false;
  const wanted = fullTuple(wildcard);
  const actual = fullTuple(architecture);
  return wanted.every((part, index) => part === 'any' || part === actual[index]);
}

/**
 * Whether build profile restrictions such as `<!nocheck> <cross>` keep a dependency under the active `profiles`: one
 * group must hold, and a group holds where all of its terms do (BuildProfileSpec). Empty keeps.
 */
export function matchesProfiles(restriction: string, profiles: ReadonlySet<string>): boolean {
  if (restriction === '') return true;
  for (const group of restriction.matchAll(/<([^<>]*)>/g)) {
    const terms = (group[1] ?? '').trim().split(/\s+/);
    if (terms.every((term) => (term.startsWith('!') ? !profiles.has(term.slice(1)) : profiles.has(term))))
      return true;
  }
  return false;
}

/** ABI, libc, system and processor of an architecture or wildcard, as dpkg's tuple table would give them. */
function fullTuple(name: string): [string, string, string, string] {
  const parts = name.split('-');
  const wildcard = parts.includes('any');
  if (parts.length === 1) return [abiOf(name), 'gnu', 'linux', cpuOf(name)];
  if (parts.length === 2) {
    const [system = '', cpu = ''] = parts;
    if (wildcard) return ['any', 'any', system, cpu];
    return [abiOf(cpu), 'gnu', system, cpuOf(cpu)];
  }
  if (parts.length === 3) {
    const [libc = '', system = '', cpu = ''] = parts;
    return [wildcard ? 'any' : 'base', libc, system, cpu];
  }
  const [abi = '', libc = '', system = '', cpu = ''] = parts;
  return [abi, libc, system, cpu];
}

const armAbis: Readonly<Record<string, string>> = { armhf: 'eabihf', armel: 'eabi', x32: 'x32' };

function abiOf(architecture: string): string {
  return armAbis[architecture] ?? 'base';
}

function cpuOf(architecture: string): string {
  if (architecture === 'armhf' || architecture === 'armel') return 'arm';
  return architecture === 'x32' ? 'amd64' : architecture;
}
