// SPDX-License-Identifier: GPL-2.0-or-later
const names = ['buster', 'bullseye', 'bookworm', 'trixie', 'forky', 'duke', 'sid', 'experimental'];
const roles = ['oldoldstable', 'oldstable', 'stable', 'testing', 'unstable'];
const pockets = ['', '-updates', '-security', '-backports'];

/** Names that somebody who mistyped a suite may have meant: Debian's, since no mirror lists its own. */
export const knownSuites: readonly string[] = [...names, ...roles].flatMap((name) =>
  pockets.map((pocket) => `${name}${pocket}`),
);
