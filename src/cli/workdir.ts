// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import { Command } from 'commander';
import { formatBytes } from '../base/bytes.ts';
import { formatDuration } from '../base/duration.ts';
import { PasekaError } from '../base/paseka-error.ts';
import { prefixLines } from '../campaign/prefixed-lines.ts';
import { type CloneResult, runInClones } from '../campaign/run-in-clones.ts';
import { isDirectory } from '../host/files.ts';
import { hostMemory } from '../host/memory.ts';
import { canMountProc } from '../host/proc-mount-probe.ts';
import { renderTable } from '../report/table.ts';
import { exitStatus } from './exit-status.ts';
import { addCommonOptions, type CommonOptions, countOption, listOption, sizeOption } from './options.ts';
import { makeOutput, type Output } from './output.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openWorkspace } from './workspace.ts';

interface Options extends CommonOptions {
  readonly from: string;
  readonly at?: string;
  readonly clones: number;
  readonly jobs?: number;
  readonly private?: readonly string[];
  readonly upper: 'tmpfs' | 'disk';
  readonly upperSize?: number;
}

/** `paseka workdir run`. */
export function workdirCommand(
  run: (command: readonly string[], options: Options) => Promise<void>,
): Command {
  const command = new Command('workdir').description('copy-on-write clones of any prepared directory');
  const sub = addCommonOptions(command.command('run'))
    .description('run a command in each of N private clones, all at once and each at the same path')
    .argument('<COMMAND...>', 'after --')
    .requiredOption('--from <DIR>', 'the prepared directory; it is never written to')
    .option('--at <PATH>', 'where every clone is seen (default: DIR itself)')
    .requiredOption('-n, --clones <N>', 'how many clones', countOption)
    .option('-j, --jobs <N>', 'how many run at once (default: all)', countOption)
    .option('--private <FILE>', 'a path in DIR to copy instead of sharing it; may be repeated', listOption)
    .option('--upper <PLACE>', 'where clones write: tmpfs or disk', 'tmpfs')
    .option('--upper-size <SIZE>', 'most that one clone may write', sizeOption);
  sub.action((words: readonly string[], options: Options) => run(words, options));
  return command;
}

/** Runs it; 1 where a command did not end with status 0. */
export async function runWorkdir(words: readonly string[], options: Options): Promise<number> {
  const [tool, ...args] = words;
  if (tool === undefined)
    throw new PasekaError('bad-option', 'no command', 'write workdir run ... -- COMMAND...');
  if (options.upper !== 'tmpfs' && options.upper !== 'disk') {
    throw new PasekaError('bad-option', `--upper ${String(options.upper)}`, 'write tmpfs or disk');
  }
  const from = resolve(options.from);
  if (!(await isDirectory(from))) {
    throw new PasekaError(
      'not-a-directory',
      `${from} is not a directory`,
      'give the path of a prepared directory',
    );
  }
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: output.progress });
  await using workspace = await openWorkspace(options, output, 'shared');
  const printers = Array.from({ length: options.clones }, (_, index) => ({
    stdout: prefixLines(`[${index}] `, (lines) =>
      (options.json ? process.stderr : process.stdout).write(lines),
    ),
    stderr: prefixLines(`[${index}] `, (lines) => process.stderr.write(lines)),
  }));
  const results = await runInClones(workspace.run, workspace.buildroots, {
    from,
    at: resolve(options.at ?? from),
    clones: options.clones,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    privateFiles: options.private ?? [],
    upper:
      options.upper === 'disk'
        ? { kind: 'disk' }
        : { kind: 'tmpfs', sizeBytes: options.upperSize ?? Math.floor(hostMemory().availableBytes / 2) },
    command: [tool, ...args],
    environment: Object.fromEntries(
      Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    workingDirectory: process.cwd(),
    contained: await canMountProc(),
    signal: signals.stop,
    onOutput: (index, chunk, stream) => printers[index]?.[stream].add(chunk),
    onEnd: ({ index }) => {
      printers[index]?.stdout.end();
      printers[index]?.stderr.end();
    },
  });
  output.result(
    {
      clones: results.map(({ end: _, writtenPaths, ...clone }) =>
        options.verbose ? { ...clone, writtenPaths } : clone,
      ),
    },
    () => (options.quiet ? '' : renderClones(results, output)),
  );
  return results.every((clone) => clone.exitCode === 0) ? exitStatus.passed : exitStatus.notPassed;
}

function renderClones(results: readonly CloneResult[], output: Output): string {
  const { style } = output;
  const rows = results.map((clone) => [
    String(clone.index),
    clone.exitCode === 0 ? style.good('0') : style.bad(String(clone.exitCode ?? clone.end.kind)),
    formatBytes(clone.writtenBytes),
    formatDuration(clone.wallMs),
    ...(output.verbosity === 'verbose' ? [clone.writtenPaths.join(' ')] : []),
  ]);
  const header = ['clone', 'status', 'written', 'time', ...(output.verbosity === 'verbose' ? ['paths'] : [])];
  const total = results.reduce((sum, clone) => sum + clone.writtenBytes, 0);
  return `${renderTable(header.map(style.dim), rows, [1, 1, 1, 1])}\ntogether ${formatBytes(total)}\n`;
}
