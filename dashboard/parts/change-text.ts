// SPDX-License-Identifier: GPL-2.0-or-later

const mostNames = 3;

/** `python3.12 3.12.1-1, libpython3.12 3.12.1-1 and 4 more`. */
export function changeText(
  change: { readonly packages: readonly { readonly name: string; readonly version: string }[] } | undefined,
): string {
  if (change === undefined) return '';
  const names = change.packages.slice(0, mostNames).map(({ name, version }) => `${name} ${version}`);
  const more = change.packages.length - names.length;
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
