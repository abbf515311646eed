// SPDX-License-Identifier: GPL-2.0-or-later
import type { BuildrootFactory } from '../buildroot/buildroot.ts';
import type { CommandResult, Root, RootCommand } from '../distro/root.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { OutputTail } from './attempt-log.ts';

export interface PlainRootOptions {
  readonly buildroots: BuildrootFactory;
  readonly sandbox: Sandbox;
  readonly onOutput: (chunk: Uint8Array) => void;
  readonly signal?: AbortSignal;
}

/** Gives `use` a fresh root that belongs to no task and has no limits, for our own preparations. */
export async function withPlainRoot<T>(
  options: PlainRootOptions,
  lower: string,
  use: (root: Root) => Promise<T>,
): Promise<T> {
  await using buildroot = await options.buildroots.acquire({ lower: [lower], upper: { kind: 'disk' } });
  return await use({
    directory: buildroot.directory,
    addedPaths: () => buildroot.addedPaths(),
    run: (command) => run(options, buildroot.directory, command),
  });
}

async function run(options: PlainRootOptions, root: string, command: RootCommand): Promise<CommandResult> {
  const tail = new OutputTail();
  const captured: Uint8Array[] = [];
  const { end, wallMs, cpuMs } = await options.sandbox.run({
    root,
    command: command.command,
    identity: command.identity,
    environment: command.environment ?? {},
    workingDirectory: command.workingDirectory ?? '/',
    binds: command.binds ?? [],
    limits: {},
    output: {
      kind: 'stream',
      onOutput: (chunk, stream) => {
        if (command.output === 'capture' && stream === 'stdout') captured.push(chunk);
        else tail.add(chunk);
        options.onOutput(chunk);
      },
    },
    ...(command.input === undefined ? {} : { input: command.input }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  return { end, output: Buffer.concat(captured).toString('utf8'), tail: tail.toString(), wallMs, cpuMs };
}
