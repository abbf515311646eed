// SPDX-License-Identifier: GPL-2.0-or-later
import { isSuccess, runProcess } from './process.ts';
import { toolEnvironment } from './tool-environment.ts';

/** Why a command does not succeed, in its own last words; null where it does. */
export async function commandLack(command: readonly [string, ...string[]]): Promise<string | null> {
  const { end, stderr } = await runProcess({ command, environment: toolEnvironment(), timeoutMs: 30_000 });
  if (isSuccess(end)) return null;
  const said = stderr.trim().split('\n').at(-1) ?? '';
  return said === '' ? JSON.stringify(end) : said;
}
