// SPDX-License-Identifier: GPL-2.0-or-later
/**
 * The few ways in which a root over a layer may differ from one in which rpm installed the same just now. Each with its
 * reason; besides these, times differ.
 */
const ignoredPaths: readonly { readonly pattern: RegExp; readonly because: string }[] = [
  { pattern: /^\/var\/log\//, because: 'logs tell what was done and when' },
  {
    pattern: /^\/(var\/lib|usr\/lib\/sysimage)\/rpm\//,
    because:
      "rpm's database holds the time of each installation; what it says is compared by describe-root.ts",
  },
  { pattern: /^\/var\/cache\/ldconfig\/aux-cache$/, because: 'holds inode numbers and times of libraries' },
  { pattern: /^\/etc\/machine-id$/, because: 'a name that is made at random' },
  { pattern: /^\/(tmp|run|mnt)\//, because: 'not kept' },
];

/** Why differences at this path don't count; undefined where they do. */
export function whyIgnored(path: string): string | undefined {
  return ignoredPaths.find(({ pattern }) => pattern.test(path))?.because;
}
