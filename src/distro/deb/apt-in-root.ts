// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { ResolveContext } from '../resolution.ts';
import type { Bind, CommandResult, CommandRoot } from '../root.ts';
import { frozenLayout } from './frozen-directory.ts';

/**
 * apt run inside a root, against the frozen lists and the prepared caches. Both are shown read-only at the paths where
 * apt expects them, in every root the same: apt's caches record paths and modification times, so that at one constant
 * path they stay valid and are never regenerated.
 */
export interface AptInRoot {
  readonly tool: 'apt-get' | 'apt-cache';
  readonly args: readonly string[];
  readonly binds?: readonly Bind[];
  /** Directory outside with package files under apt's names, shown as its archive. */
  readonly archives?: string;
  readonly output: 'log' | 'capture';
}

/** Where prepared caches stand in the prepared directory; `archives/partial` in it is the place for mounts. */
export const preparedCache = 'apt-cache';

/** Where local files are shown inside a root. */
export const localMount = '/mnt';

const options: Readonly<Record<string, string>> = {
  'APT::Sandbox::User': 'root',
  'APT::Install-Recommends': 'false',
  'APT::Get::AutomaticRemove': 'false',
  'Acquire::Languages': 'none',
  'Debug::NoLocking': 'true',
  'Dir::Log': '/dev/null',
  'Dir::Log::Planner': '/dev/null',
  'Dpkg::Use-Pty': 'false',
  'Dpkg::Options::': '--force-unsafe-io',
  quiet: '1',
};

/** Runs apt as root of the root; the caller reads the result. */
export function runApt(
  root: CommandRoot,
  context: ResolveContext,
  request: AptInRoot,
): Promise<CommandResult> {
  return root.run({
    command: [request.tool, ...aptFlags(), ...request.args],
    identity: 'root',
    environment: repeatableEnvironment,
    binds: [
      ...indexBinds(context),
      ...(request.archives === undefined
        ? []
        : [{ source: request.archives, target: '/var/cache/apt/archives' }]),
      ...(request.binds ?? []),
    ],
    output: request.output,
  });
}

/** The options as command-line flags. */
export function aptFlags(): string[] {
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

/** The environment of everything that installs packages: no questions, no services, no triggers put off. */
export const installEnvironment: Readonly<Record<string, string>> = {
  DEBIAN_FRONTEND: 'noninteractive',
  DEBCONF_NONINTERACTIVE_SEEN: 'true',
  APT_LISTCHANGES_FRONTEND: 'none',
};

/**
 * The environment of what installs dependencies, where the same set has to give the same root each time: maintainer scripts in
 * Perl and Python go through their hashes in one order. Without it apt alone gives other formats of TeX from time to time,
 * as fmtutil makes them in the order of a hash, and each finds what those before it have noted in ls-R. Install checks don't
 * have it: they meet what a user would.
 */
export const repeatableEnvironment: Readonly<Record<string, string>> = {
  ...installEnvironment,
  PERL_HASH_SEED: '0',
  PYTHONHASHSEED: '0',
};

function indexBinds(context: ResolveContext): Bind[] {
  return [
    { source: join(context.frozenDirectory, frozenLayout.lists), target: '/var/lib/apt/lists' },
    { source: join(context.preparedDirectory, preparedCache), target: '/var/cache/apt' },
  ];
}
