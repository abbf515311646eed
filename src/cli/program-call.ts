// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import { invariant } from '../base/invariant.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import type { ProgramCall } from '../server/program-call.ts';
import type { CommonOptions } from './options.ts';

/** How this program is called again on the same state directory, as it was called itself. */
export function programCall(state: StateDirectory, { config }: CommonOptions): ProgramCall {
  const [, script] = process.argv;
  invariant(script !== undefined, 'a program has a file');
  const environment = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return {
    command: [process.execPath, ...process.execArgv, script],
    options: [`--state-dir=${state.path}`, ...(config === undefined ? [] : [`--config=${resolve(config)}`])],
    environment: Object.fromEntries(environment),
  };
}
