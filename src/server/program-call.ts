// SPDX-License-Identifier: GPL-2.0-or-later
import type { StartedRun } from './api/starts.ts';

/** How this program is called: what takes a workspace of its own is done by a process of its own. */
export interface ProgramCall {
  readonly command: readonly [string, ...string[]];
  /** Options that every verb is given: the state directory, the configuration. */
  readonly options: readonly string[];
  /** The whole environment. */
  readonly environment: Readonly<Record<string, string>>;
}

/** The call of a verb under --json; words are no options, whatever they look like. */
export function commandLine(
  { command, options }: ProgramCall,
  verb: readonly string[],
  words: readonly string[],
  further: readonly string[] = [],
): [string, ...string[]] {
  return [...command, ...verb, '--json', ...options, ...further, '--', ...words];
}

/** The one document that the program prints under --json where it is the error, or of a campaign. */
export interface ProgramDocument {
  readonly campaign?: { readonly id: string };
  readonly error?: NonNullable<StartedRun['error']>;
}

/** Reads it; empty where the program was killed before it could write it. */
export function readProgramDocument(text: string): ProgramDocument {
  try {
    return JSON.parse(text) as ProgramDocument;
  } catch {
    return {};
  }
}
