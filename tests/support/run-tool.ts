// SPDX-License-Identifier: GPL-2.0-or-later
import { isSuccess, runProcess } from '../../src/host/process.ts';

export interface ToolOptions {
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Runs a command that must succeed; its standard output. */
export async function runTool(
  command: readonly [string, ...string[]],
  options: ToolOptions = {},
): Promise<string> {
  const result = await runProcess({
    command,
    environment: {
      PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C.UTF-8',
      ...options.environment,
    },
    ...(options.workingDirectory === undefined ? {} : { workingDirectory: options.workingDirectory }),
    ...(options.input === undefined ? {} : { input: options.input }),
  });
  if (!isSuccess(result.end)) {
    throw new Error(`${command.join(' ')}: ${JSON.stringify(result.end)}\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}
