// SPDX-License-Identifier: GPL-2.0-or-later

export interface CloneCommand {
  /** The clone's root, as this process sees it. */
  readonly clone: string;
  /** An existing directory where the command is to see it. */
  readonly at: string;
  /** The mount that all clones are below: the command must see no other, and keep none alive. */
  readonly rootsDirectory: string;
  readonly workingDirectory: string;
  readonly command: readonly [string, ...string[]];
  /** Whether it is run as a contained process (process.ts), which has a mount namespace already. */
  readonly contained: boolean;
}

/**
 * Shows the clone, forgets the others, goes to the working directory anew (the old one may be what the clone hides; in
 * a clone that lacks it, to the clone itself) and becomes the command.
 */
const script = [
  'mount --bind -- "$1" "$2" || exit 125',
  'umount --lazy -- "$3" 2>/dev/null',
  'cd -- "$4" 2>/dev/null || cd -- "$2" || exit 125',
  'shift 4',
  'exec "$@"',
].join('\n');

/**
 * What to run for a command that sees its clone at a constant path, and the rest of the host as it is. Exit status: the command's; 128 + signal; 126 or 127 where it can't be run; 125 where the clone
 * can't be shown, with mount's words on standard error.
 */
export function cloneCommand(request: CloneCommand): readonly [string, ...string[]] {
  const { clone, at, rootsDirectory, workingDirectory, command } = request;
  const shown = [
    '/bin/sh',
    '-c',
    script,
    'sh',
    clone,
    at,
    rootsDirectory,
    workingDirectory,
    ...command,
  ] as const;
  if (request.contained) return shown;
  return [
    'setpriv',
    '--pdeathsig',
    'KILL',
    '--',
    'unshare',
    '--mount',
    '--propagation',
    'private',
    '--',
    ...shown,
  ];
}
