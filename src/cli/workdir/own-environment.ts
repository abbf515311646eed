// SPDX-License-Identifier: GPL-2.0-or-later

/** This process's own environment, for commands of the user's that are to see it as it is. */
export function ownEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
