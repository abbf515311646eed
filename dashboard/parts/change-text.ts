// SPDX-License-Identifier: GPL-2.0-or-later

const mostNames = 3;

interface Named {
  readonly name: string;
  readonly version: string;
}

/** Changed sources first: `libfoo 2.0-1 (source), python3.12 3.12.1-1 and 4 more`. */
export function changeText(
  change:
    | { readonly packages: readonly Named[]; readonly sources?: readonly Named[] | undefined }
    | undefined,
): string {
  if (change === undefined) return '';
  const all = [
    ...(change.sources ?? []).map(({ name, version }) => `${name} ${version} (source)`),
    ...change.packages.map(({ name, version }) => `${name} ${version}`),
  ];
  const more = all.length - mostNames;
  return `${all.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
