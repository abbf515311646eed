// SPDX-License-Identifier: GPL-2.0-or-later
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseBytes } from '../base/bytes.ts';
import { parseDuration } from '../base/duration.ts';

/** What every verb takes. */
export interface CommonOptions {
  readonly stateDir?: string;
  readonly config?: string;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly quiet: boolean;
}

/** Which repositories, for verbs that need a snapshot. */
export interface RepositoryOptions {
  readonly suite?: string;
  readonly arch?: string;
  readonly mirror?: string;
  readonly components?: string;
  readonly keyring?: string;
  readonly sources?: string;
  readonly repo?: readonly string[];
  readonly snapshot?: string;
}

/** Limits of one attempt; durations in milliseconds, sizes in bytes. */
export interface LimitOptions {
  readonly timeout?: number;
  readonly idleTimeout?: number;
  readonly memoryLimit?: number;
  readonly outputLimit?: number;
  readonly processLimit?: number;
  readonly upperSize?: number;
  readonly upper: 'tmpfs' | 'disk' | 'auto';
}

export function addCommonOptions(command: Command): Command {
  return command
    .option('--state-dir <DIR>', 'where snapshots, pool, bases and results are kept (PASEKA_STATE)')
    .option('--config <FILE>', 'defaults for options, as JSON')
    .option('--json', 'print one JSON document on standard output', false)
    .option('-v, --verbose', 'show everything that is done', false)
    .option('-q, --quiet', 'show only what went wrong', false);
}

export function addRepositoryOptions(command: Command): Command {
  return command
    .option('-s, --suite <SUITE>', "the distribution's suite (default: this host's)")
    .option('--arch <ARCH>', "the architecture (default: this host's)")
    .option('--mirror <URL>', "take the suite from this mirror instead of the host's own sources")
    .option('--components <LIST>', 'with --mirror: components, separated by commas (default: main)')
    .option('--keyring <FILE>', 'with --mirror or --repo: the keys that it is signed with')
    .option('--sources <FILE>', 'take all repositories of this .sources, .list or .repo file')
    .option(
      '--repo <WHAT>',
      'take the RPM repository at this address or in this directory, or those of a .repo file; may be repeated',
      listOption,
    )
    .option('--snapshot <ID>', 'use this snapshot');
}

export function addLimitOptions(command: Command): Command {
  return command
    .option('--timeout <TIME>', 'longest time for one source (default: 4h)', durationOption)
    .option('--idle-timeout <TIME>', 'longest time without output (default: 30m)', durationOption)
    .option('--memory-limit <SIZE>', 'most memory of one build, what it writes to tmpfs included', sizeOption)
    .option('--output-limit <SIZE>', 'longest log (default: 1G)', sizeOption)
    .option('--process-limit <N>', 'most processes of one build (default: 8192)', countOption)
    .option('--upper-size <SIZE>', 'most that one build may write (default: by memory)', sizeOption)
    .addOption(
      new Option('--upper <PLACE>', 'where builds write').choices(['auto', 'tmpfs', 'disk']).default('auto'),
    );
}

/** What `--with` does, for the verbs that take it. */
export const withDescription =
  "packages of yours, preferred to the repository's: a package file, .changes, directory, or a repository (.sources, .list or .repo file, directory with an index); may be repeated";

/** `4h`, `90`, `1h30m` as milliseconds. */
export function durationOption(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new InvalidArgumentError('write 90s, 30m, 4h or 1h30m.');
  return ms;
}

/** `512M`, `2G` as bytes. */
export function sizeOption(text: string): number {
  const bytes = parseBytes(text);
  if (bytes === undefined || bytes <= 0)
    throw new InvalidArgumentError('write 512M, 2G or a number of bytes.');
  return bytes;
}

/** A positive whole number. */
export function countOption(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('write a whole number from 1.');
  return Number(text);
}

/** A whole number from 0. */
export function numberOption(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('write a whole number from 0.');
  return Number(text);
}

/** Gathers the values of an option that may be given several times. */
export function listOption(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}
