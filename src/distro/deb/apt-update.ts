// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { aptEnvironment } from './apt-configuration.ts';
import { type AptReport, parseAptReport } from './apt-failure.ts';
import type { PrivateAptRoot } from './private-apt-root.ts';

export interface AptUpdateOptions {
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** How `apt-get update` ended, with what it said. */
export type AptUpdateEnd =
  | { readonly kind: 'updated'; readonly report: AptReport }
  | { readonly kind: 'failed'; readonly report: AptReport };

/**
 * Fetches and verifies the indices of a private apt root. A failure of the mirror is returned; throws PasekaError
 * cancelled and tool-missing.
 */
export async function runAptUpdate(root: PrivateAptRoot, options: AptUpdateOptions): Promise<AptUpdateEnd> {
  const result = await runApt(root, ['-q', 'update', '--error-on=any'], options);
  const report = parseAptReport(result.stdout, result.stderr);
  return { kind: result.succeeded ? 'updated' : 'failed', report };
}

/** One index that a private apt root has fetched: a row of apt-get's `indextargets`. */
export interface AptIndexTarget {
  readonly identifier: string;
  /** Absolute path of the list file. */
  readonly path: string;
  /** The repository's URI, ending in `/`. */
  readonly repositoryUri: string;
  readonly suite: string;
  /** Of a flat repository, apt's own placeholder. */
  readonly component: string;
}

const targetFields = ['IDENTIFIER', 'FILENAME', 'REPO_URI', 'RELEASE', 'COMPONENT'];

/** All indices that were fetched, in apt's order. */
export async function listIndexTargets(
  root: PrivateAptRoot,
  signal?: AbortSignal,
): Promise<AptIndexTarget[]> {
  const format = targetFields.map((field) => `$(${field})`).join('\t');
  const options = signal === undefined ? {} : { signal };
  const result = await runApt(root, ['indextargets', '--format', format], options);
  if (!result.succeeded) {
    throw new PasekaError(
      'tool-failed',
      `apt-get indextargets failed: ${result.stderr.trim()}`,
      'report this as a bug',
    );
  }
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [identifier = '', path = '', repositoryUri = '', suite = '', component = ''] = line.split('\t');
      return { identifier, path, repositoryUri, suite, component };
    });
}

interface AptResult {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

async function runApt(
  root: PrivateAptRoot,
  args: readonly string[],
  options: AptUpdateOptions,
): Promise<AptResult> {
  const { onProgress, signal } = options;
  const { end, stdout, stderr } = await runProcess({
    command: ['apt-get', ...args],
    environment: { ...aptEnvironment(process.env), APT_CONFIG: root.configurationPath },
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onOutput: progressReader(onProgress) }),
  });
  if (end.kind === 'cancelled') {
    throw new PasekaError('cancelled', 'freezing was cancelled', 'run the same command again');
  }
  if (end.kind === 'not-started') {
    throw new PasekaError('tool-missing', 'apt-get is not installed', 'run `apt-get install apt`', end);
  }
  return { succeeded: isSuccess(end), stdout, stderr };
}

/** Turns apt's `Get:3 URI SUITE/COMPONENT FILE [SIZE]` lines into progress. */
function progressReader(onProgress: (line: string) => void): (chunk: Uint8Array, stream: string) => void {
  const decoder = new TextDecoder();
  let rest = '';
  return (chunk, stream) => {
    if (stream !== 'stdout') return;
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const fetched = /^Get:\d+ (.*)$/.exec(line)?.[1];
      if (fetched !== undefined) onProgress(`fetching ${fetched}`);
    }
  };
}
