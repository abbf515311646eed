// SPDX-License-Identifier: GPL-2.0-or-later
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { PasekaError } from '../../base/paseka-error.ts';
import { prefixLines } from '../../campaign/prefixed-lines.ts';
import { changedInputs } from '../../campaign/prepare-workdir.ts';
import { runInClones } from '../../campaign/run-in-clones.ts';
import { hostMemory } from '../../host/memory.ts';
import { canMountProc } from '../../host/proc-mount-probe.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions, countOption, listOption, sizeOption } from '../options.ts';
import { makeOutput } from '../output.ts';
import { catchStopSignals } from '../stop-signals.ts';
import type { Verb } from '../verb.ts';
import { openWorkspace } from '../workspace.ts';
import { cloneDocuments, renderClones } from './clone-results.ts';
import { preparedStore } from './open-prepared.ts';
import { checkPrepared, openOrigin } from './origin.ts';
import { ownEnvironment } from './own-environment.ts';

interface Options extends CommonOptions {
  readonly from: string;
  readonly at?: string;
  readonly clones: number;
  readonly jobs?: number;
  readonly private?: readonly string[];
  readonly keepShared?: readonly string[];
  readonly upper: 'tmpfs' | 'disk';
  readonly upperSize?: number;
  readonly pidNamespace: boolean;
}

/** `paseka workdir run`. */
export function runVerb(): Verb {
  const command = new Command('run')
    .description('run a command in each of N private clones, all at once and each at the same path')
    .argument('<COMMAND...>', 'after --; PASEKA_CLONE is the number of its clone, from 0')
    .requiredOption(
      '--from <NAME|DIR>',
      'what was prepared by that name, or a directory; it is never written to',
    )
    .option('--at <PATH>', 'where every clone is seen (default: where it was prepared)')
    .requiredOption('-n, --clones <N>', 'how many clones', countOption)
    .option('-j, --jobs <N>', 'how many run at once (default: all)', countOption)
    .option('--private <FILE>', 'a path in DIR to copy instead of sharing it; may be repeated', listOption)
    .option(
      '--keep-shared <GLOB>',
      'count files of this name (or path in DIR) that clones wrote instead of sharing them; may be repeated',
      listOption,
    )
    .addOption(
      new Option('--upper <PLACE>', 'where clones write').choices(['tmpfs', 'disk']).default('tmpfs'),
    )
    .option('--upper-size <SIZE>', 'most that one clone may write', sizeOption)
    .option('--no-pid-namespace', "let commands see and be seen by the host's processes");
  return { command: addCommonOptions(command), run: runRun };
}

/** Runs it; 1 where a command did not end with status 0. */
async function runRun(words: readonly string[], options: Options): Promise<number> {
  const [tool, ...args] = words;
  if (tool === undefined)
    throw new PasekaError('bad-option', 'no command', 'write workdir run ... -- COMMAND...');
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: output.progress });
  await using workspace = await openWorkspace(options, output, 'shared');
  const store = preparedStore(workspace.state, workspace.unsettled);
  using origin = await openOrigin(store, options.from);
  if (origin.prepared !== undefined) await checkPrepared(origin.prepared, process.env);
  const at = resolve(options.at ?? origin.prepared?.at ?? origin.directory);
  const printers = Array.from({ length: options.clones }, (_, index) => ({
    stdout: prefixLines(`[${index}] `, (lines) =>
      (options.json ? process.stderr : process.stdout).write(lines),
    ),
    stderr: prefixLines(`[${index}] `, (lines) => process.stderr.write(lines)),
  }));
  const results = await runInClones(workspace.run, workspace.buildroots, {
    from: origin.directory,
    at,
    clones: options.clones,
    ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
    privateFiles: options.private ?? [],
    upper:
      options.upper === 'disk'
        ? { kind: 'disk' }
        : { kind: 'tmpfs', sizeBytes: options.upperSize ?? Math.floor(hostMemory().availableBytes / 2) },
    command: [tool, ...args],
    environment: ownEnvironment(),
    workingDirectory: process.cwd(),
    contained: options.pidNamespace && (await canMountProc()),
    signal: signals.stop,
    onOutput: (index, chunk, stream) => printers[index]?.[stream].add(chunk),
    onEnd: ({ index }) => {
      printers[index]?.stdout.end();
      printers[index]?.stderr.end();
    },
  });
  const documents = cloneDocuments(results, { at, keepShared: options.keepShared });
  const changed = origin.prepared === undefined ? [] : await changedInputs(origin.prepared.inputs);
  if (changed.length > 0) {
    using now = await store.use(options.from);
    const isNewer = now !== undefined && now.prepared.key !== origin.prepared?.key;
    const advice = isNewer
      ? `${options.from} was prepared again meanwhile, and the next ones see that`
      : `prepare ${options.from} again`;
    output.warning(
      `${changed.join(', ')} changed while clones ran: they may have seen both states; ${advice}`,
    );
  }
  output.result(
    {
      ...(origin.prepared === undefined ? {} : { workdir: origin.prepared, changedInputs: changed }),
      clones: documents.map(({ writtenPaths, ...clone }) =>
        options.verbose ? { ...clone, writtenPaths } : clone,
      ),
    },
    () => (options.quiet ? '' : renderClones(results, documents, output)),
  );
  return results.every((clone) => clone.exitCode === 0) ? exitStatus.passed : exitStatus.notPassed;
}
