// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { formatBytes } from '../../base/bytes.ts';
import { PasekaError } from '../../base/paseka-error.ts';
import { countedEnvironment } from '../../campaign/counted-environment.ts';
import { prepareWorkdir } from '../../campaign/prepare-workdir.ts';
import { canMountProc } from '../../host/proc-mount-probe.ts';
import { type ProcessEnd, shellStatus } from '../../host/process.ts';
import type { PreparedRecipe } from '../../store/prepared/prepared-store.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions, listOption } from '../options.ts';
import { makeOutput } from '../output.ts';
import { catchStopSignals } from '../stop-signals.ts';
import type { Verb } from '../verb.ts';
import { openWorkspace } from '../workspace.ts';
import { checkPreparedName, preparedStore } from './open-prepared.ts';
import { ownEnvironment } from './own-environment.ts';

interface Options extends CommonOptions {
  readonly at?: string;
  readonly input?: readonly string[];
  readonly environment?: readonly string[];
  readonly pidNamespace: boolean;
}

/** `paseka workdir prepare`. */
export function prepareVerb(): Verb {
  const command = new Command('prepare')
    .description(
      'let a command fill a directory once, for run --from NAME; again only when its inputs change',
    )
    .argument('<NAME>', 'what to call it')
    .argument('<COMMAND...>', 'after --; writes into the directory that PASEKA_WORKDIR names')
    .option('--at <PATH>', 'where command and clones see the directory (default: a path of its own)')
    .option('--input <PATH>', 'a file or directory that it depends on; may be repeated', listOption)
    .option(
      '--environment <NAME>',
      'a variable that it depends on, besides the language; may be repeated',
      listOption,
    )
    .option('--no-pid-namespace', "let the command see and be seen by the host's processes");
  return { command: addCommonOptions(command), run: runPrepare };
}

/** Prepares it; 1 where the command did not end with status 0. */
async function runPrepare(name: string, words: readonly string[], options: Options): Promise<number> {
  checkPreparedName(name);
  const [tool, ...args] = words;
  if (tool === undefined) {
    throw new PasekaError('bad-option', 'no command', 'write workdir prepare NAME ... -- COMMAND...');
  }
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: output.progress });
  await using workspace = await openWorkspace(options, output, 'shared');
  const store = preparedStore(workspace.state, workspace.unsettled);
  const at = resolve(options.at ?? join(workspace.state.path, 'workdir', name));
  const end = await prepareWorkdir(workspace.run, store, {
    name,
    at,
    command: [tool, ...args],
    environment: ownEnvironment(),
    workingDirectory: process.cwd(),
    counted: countedEnvironment(process.env, options.environment ?? []),
    inputs: (options.input ?? []).map((path) => resolve(path)),
    contained: options.pidNamespace && (await canMountProc()),
    signal: signals.stop,
    onOutput: (chunk) => {
      if (!options.quiet) process.stderr.write(chunk);
    },
    onMake: () => output.progress(`preparing ${name}`),
    onWait: () => output.progress(`another process is preparing ${name}: waiting for it`),
  });
  switch (end.kind) {
    case 'failed':
      output.result({ name, outcome: 'failed', exitCode: shellStatus(end.failure) }, () => '');
      output.warning(`${name} was not prepared: ${how(end.failure)}; nothing has changed`);
      return exitStatus.notPassed;
    case 'changed':
      throw changedMeanwhile(name, end.before, end.after);
    case 'prepared': {
      using use = end.use;
      const { made, use: _ } = end;
      output.result({ name, outcome: made ? 'made' : 'unchanged', workdir: use.prepared }, () =>
        made
          ? `prepared ${name}: ${formatBytes(use.prepared.bytes)}, seen at ${at}\n`
          : `${name} is as it has to be, prepared at ${use.prepared.preparedAt}\n`,
      );
      return exitStatus.passed;
    }
  }
}

function how(end: ProcessEnd): string {
  switch (end.kind) {
    case 'exited':
      return `the command ended with status ${end.exitCode}`;
    case 'signalled':
      return `the command was ended by ${end.signal}`;
    case 'not-started':
      return `the command could not be started (${end.errno})`;
    case 'timed-out':
    case 'cancelled':
      return `the command was ${end.kind}`;
  }
}

function changedMeanwhile(name: string, before: PreparedRecipe, after: PreparedRecipe): PasekaError {
  const digests = new Map(before.inputs.map(({ path, digest }) => [path, digest]));
  const changed = after.inputs.filter(({ path, digest }) => digests.get(path) !== digest);
  return new PasekaError(
    'workdir-outdated',
    `${changed.map(({ path }) => path).join(', ')} changed while ${name} was prepared`,
    'run the same command again when nothing changes it any more',
  );
}
