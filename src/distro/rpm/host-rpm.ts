// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { toolMissing } from '../../host/host-packaging.ts';
import { isSuccess, type ProcessResult, runProcess } from '../../host/process.ts';
import { toolEnvironment } from '../../host/tool-environment.ts';

/** A tool of the RPM world that is run on this host. */
export interface HostRpmRequest {
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
  readonly workingDirectory?: string;
  readonly onOutput?: (text: string) => void;
  /** In a namespace of its own, so that all of it ends with this process: for what runs packages' scripts. */
  readonly contained?: boolean;
  readonly signal?: AbortSignal;
}

const packageOf: Readonly<Record<string, string>> = {
  rpm: 'rpm',
  rpm2archive: 'rpm',
  createrepo_c: 'createrepo-c',
};

/**
 * Runs it, with no configuration of the user's own: HOME is where rpm looks for that. Throws PasekaError tool-missing,
 * cancelled; any other end is the caller's to judge.
 */
export async function runHostRpm(request: HostRpmRequest): Promise<ProcessResult> {
  const { onOutput } = request;
  const result = await runProcess({
    command: request.command,
    environment: toolEnvironment(request.environment),
    ...(request.workingDirectory === undefined ? {} : { workingDirectory: request.workingDirectory }),
    ...(request.contained === undefined ? {} : { contained: request.contained }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
    ...(onOutput === undefined ? {} : { onOutput: (chunk) => onOutput(Buffer.from(chunk).toString('utf8')) }),
  });
  const [tool] = request.command;
  if (result.end.kind === 'not-started') {
    const name = packageOf[tool] ?? tool;
    throw toolMissing(`${tool} could not be started`, { debian: name, provided: `/usr/bin/${tool}` });
  }
  if (result.end.kind === 'cancelled') {
    throw new PasekaError('cancelled', `${tool} was cancelled`, 'start it again');
  }
  return result;
}

/** Runs a tool that has to succeed; its standard output. Throws PasekaError tool-failed besides. */
export async function askHostRpm(request: HostRpmRequest): Promise<string> {
  const result = await runHostRpm(request);
  if (isSuccess(result.end)) return result.stdout;
  throw new PasekaError(
    'tool-failed',
    `${request.command[0]}: ${rpmErrors(result.stderr)}`,
    'see the message of the tool itself',
  );
}

/** What makes this host's rpm install: that of Debian 12 wants to be told that it is meant, others don't know the option. */
export async function insistingFlags(): Promise<readonly string[]> {
  const { end } = await runHostRpm({ command: ['rpm', '--force-debian', '--version'] });
  return isSuccess(end) ? ['--force-debian'] : [];
}

/** The decisive lines of what rpm said: errors with what belongs to them, else its last words. */
export function rpmErrors(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const found = lines.flatMap((line, index) => {
    if (!/^(error|fatal error): /.test(line)) return [];
    // `error: Failed dependencies:` is followed by a line for each, which begins with a blank
    const following = lines.slice(index + 1);
    const end = following.findIndex((next) => !/^\s/.test(next));
    return [line, ...following.slice(0, end < 0 ? following.length : end).map((next) => next.trim())];
  });
  return (found.length > 0 ? found : lines.slice(-3)).slice(0, 12).join('\n');
}
