// SPDX-License-Identifier: GPL-2.0-or-later
import type { Command } from 'commander';

/** A verb of a group: what the command line offers, and what is run with it; the exit status. */
export interface Verb {
  readonly command: Command;
  readonly run: (...args: never[]) => Promise<number>;
}
