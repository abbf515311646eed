// SPDX-License-Identifier: GPL-2.0-or-later
import type { Sandbox, SandboxRequest, SandboxResult } from '../../src/sandbox/sandbox.ts';
import type { TinyRoot } from './tiny-root.ts';

export interface ShellResult extends SandboxResult {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a line of shell in a root, as the build user unless told otherwise, and gives what it said. */
export async function runShell(
  sandbox: Sandbox,
  root: TinyRoot,
  script: string,
  more: Partial<SandboxRequest> & { readonly onText?: (text: string) => void } = {},
): Promise<ShellResult> {
  const said = { stdout: '', stderr: '' };
  const result = await sandbox.run({
    root: root.directory,
    command: ['/bin/sh', '-c', script],
    identity: 'builder',
    environment: {},
    workingDirectory: '/',
    limits: { timeoutMs: 60_000 },
    output: {
      kind: 'stream',
      onOutput(chunk, stream) {
        const text = Buffer.from(chunk).toString('utf8');
        said[stream] += text;
        more.onText?.(text);
      },
    },
    ...more,
    binds: [...root.binds, ...(more.binds ?? [])],
  });
  return { ...result, ...said };
}
