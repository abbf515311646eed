// SPDX-License-Identifier: GPL-2.0-or-later
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { identifyProcess, type ProcessIdentity } from './process-table.ts';

export interface DetachedRequest {
  readonly command: readonly [string, ...string[]];
  /** The whole environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files that its output goes to; what was in them is gone. They may be removed while it runs. */
  readonly outputPath: string;
  readonly errorsPath: string;
}

/** A program that goes on when this process ends. */
export interface DetachedProcess {
  /** Undefined where it could not be started, or is over already. */
  readonly identity: ProcessIdentity | undefined;
  /** Fulfilled when it has ended, as long as this process sees it. Never rejected. */
  readonly ended: Promise<void>;
}

/**
 * Starts a program in a session of its own, without a terminal and without pipes to this process: neither a hang-up here nor
 * the end of this process reaches it. Throws Node's error where the files can't be opened.
 */
export function startDetached(request: DetachedRequest): DetachedProcess {
  const output = openSync(request.outputPath, 'w', 0o600);
  let errors: number | undefined;
  try {
    errors = openSync(request.errorsPath, 'w', 0o600);
    const [file, ...args] = request.command;
    const child = spawn(file, args, {
      env: { ...request.environment },
      detached: true,
      stdio: ['ignore', output, errors],
    });
    child.unref();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    child.once('error', () => resolve());
    child.once('exit', () => resolve());
    return { identity: child.pid === undefined ? undefined : identifyProcess(child.pid), ended };
  } finally {
    closeSync(output);
    if (errors !== undefined) closeSync(errors);
  }
}
