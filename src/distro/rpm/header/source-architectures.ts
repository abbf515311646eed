// SPDX-License-Identifier: GPL-2.0-or-later
import { headerTags } from './header-tags.ts';
import { textsOf } from './header-values.ts';
import type { PackageIdentity } from './package-identity.ts';
import type { Header } from './read-header.ts';

/**
 * Why a source package can't be built for an architecture, by what its header says of architectures; undefined where it can.
 * Who asks for `noarch` among the exclusive ones means packages without an architecture, built anywhere.
 */
export function architectureProblem(source: Header, architecture: string): string | undefined {
  const exclusive = textsOf(source, headerTags.EXCLUSIVEARCH);
  if (exclusive.length > 0 && !exclusive.includes(architecture) && !isBuiltAnywhere(source, exclusive)) {
    return `it is for ${exclusive.join(', ')} only (ExclusiveArch)`;
  }
  if (textsOf(source, headerTags.EXCLUDEARCH).includes(architecture)) {
    return `it is for everything but ${textsOf(source, headerTags.EXCLUDEARCH).join(', ')} (ExcludeArch)`;
  }
  return undefined;
}

function isBuiltAnywhere(source: Header, exclusive: readonly string[]): boolean {
  return exclusive.includes('noarch') && textsOf(source, headerTags.BUILDARCHS).includes('noarch');
}

/** Names of the sources among these that can't be built for an architecture. */
export function foreignSources(
  packages: Iterable<Pick<PackageIdentity, 'name' | 'isSource'> & { readonly header: Header }>,
  architecture: string,
): string[] {
  const found = new Set<string>();
  for (const { name, isSource, header } of packages) {
    if (isSource && architectureProblem(header, architecture) !== undefined) found.add(name);
  }
  return [...found].sort();
}
