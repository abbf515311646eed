// SPDX-License-Identifier: GPL-2.0-or-later
import { Command, Option } from 'commander';
import { PasekaError } from '../base/paseka-error.ts';
import { runCommand } from '../campaign/run-command.ts';
import type { BaseVariant } from '../distro/distribution.ts';
import type { CommandEnd, Identity } from '../distro/root.ts';
import type { SandboxResult } from '../sandbox/sandbox.ts';
import { exitStatus } from './exit-status.ts';
import {
  addCommonOptions,
  addLimitOptions,
  addRepositoryOptions,
  type CommonOptions,
  type LimitOptions,
  type RepositoryOptions,
} from './options.ts';
import { makeOutput, type Output } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openTaskRun } from './task-run.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions, RepositoryOptions, LimitOptions {
  readonly packages?: string;
  readonly as: Identity;
  readonly base: BaseVariant;
}

/** `paseka run`. */
export function runCommandCommand(): Command {
  const command = new Command('run')
    .description('run any command in a fresh buildroot, with no network')
    .argument('<COMMAND...>', 'after --');
  return addRootOptions(command);
}

/** `paseka shell`. */
export function shellCommand(): Command {
  return addRootOptions(new Command('shell').description('an interactive shell in a fresh buildroot'));
}

function addRootOptions(command: Command): Command {
  command
    .option('--packages <LIST>', 'packages to install before, separated by commas')
    .addOption(new Option('--as <USER>', 'who runs it inside').choices(['root', 'builder']).default('root'))
    .addOption(
      new Option('--base <VARIANT>', 'what it starts with').choices(['build', 'minimal']).default('build'),
    );
  return addLimitOptions(addRepositoryOptions(addCommonOptions(command)));
}

/** Runs a command; its output goes to this program's own, its exit status into the document and a line. */
export async function runRun(words: readonly string[], options: Options): Promise<number> {
  const [tool, ...args] = words;
  if (tool === undefined) throw new PasekaError('bad-option', 'no command', 'write paseka run -- COMMAND...');
  const output = makeOutput(options);
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true && !options.json;
  const result = await runInFreshRoot([tool, ...args], options, output, isTerminal);
  return report(result, options, output);
}

/** Runs a shell on this terminal; its exit status says nothing about a task. */
export async function runShell(options: Options): Promise<number> {
  if (process.stdin.isTTY !== true) {
    throw new PasekaError('bad-option', 'standard input is no terminal', 'use paseka run -- COMMAND...');
  }
  const output = makeOutput(options);
  const result = await runInFreshRoot(['/bin/bash', '-i'], options, output, true);
  return result.end.kind === 'exited' ? exitStatus.passed : report(result, options, output);
}

async function runInFreshRoot(
  command: readonly [string, ...string[]],
  options: Options,
  output: Output,
  isTerminal: boolean,
): Promise<SandboxResult> {
  using signals = catchStopSignals({ graceMs: 0, say: output.progress });
  await using workspace = await openWorkspace(options, output, 'shared');
  const context = await workspace.openContext(options, signals.stop);
  await using run = await openTaskRun(options, workspace, signals.stop, options.verbose);
  return await runCommand(context, run, {
    command,
    identity: options.as,
    variant: options.base,
    packages: (options.packages ?? '').split(',').filter((name) => name !== ''),
    workingDirectory: options.as === 'root' ? '/root' : context.distribution.buildDirectory,
    environment: isTerminal ? { TERM: process.env['TERM'] ?? 'dumb' } : {},
    output: isTerminal
      ? { kind: 'terminal' }
      : {
          kind: 'stream',
          onOutput: (chunk, stream) => {
            (stream === 'stdout' && !options.json ? process.stdout : process.stderr).write(chunk);
          },
        },
  });
}

function report(result: SandboxResult, options: Options, output: Output): number {
  const { end, ...usage } = result;
  const document = { end: end.kind, ...(end.kind === 'exited' ? { exitCode: end.exitCode } : {}), ...usage };
  if (options.json) output.result(document, () => '');
  if (end.kind === 'exited' && end.exitCode === 0) return exitStatus.passed;
  if (end.kind === 'not-started') throw new PasekaError('sandbox-failed', end.message, 'run paseka doctor');
  output.warning(describeEnd(end));
  return exitStatus.notPassed;
}

function describeEnd(end: CommandEnd): string {
  switch (end.kind) {
    case 'exited':
      return `the command ended with status ${end.exitCode}`;
    case 'signalled':
      return `the command was ended by ${end.signal}`;
    default:
      return `the command was stopped: ${end.kind}`;
  }
}
