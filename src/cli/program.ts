// SPDX-License-Identifier: GPL-2.0-or-later
import { Command, CommanderError } from 'commander';
import { campaignCommand } from './campaign/campaign.ts';
import { checkCommand, runCheck } from './check.ts';
import { applyConfiguration } from './configuration.ts';
import { doctorCommand, runDoctor } from './doctor.ts';
import { exitStatus } from './exit-status.ts';
import { gcCommand, runGc } from './gc.ts';
import { installCheckCommand, runInstallCheck } from './install-check.ts';
import { layerCommand, runLayerCompare } from './layer.ts';
import { rebuildCommand, runRebuild } from './rebuild.ts';
import { reportError } from './report-error.ts';
import { resolveCommand, runResolve } from './resolve.ts';
import { runCommandCommand, runRun, runShell, shellCommand } from './run.ts';
import { runServe, serveCommand } from './serve.ts';
import { runSnapshot, snapshotCommand } from './snapshot.ts';
import { version } from './version.ts';
import { workdirCommand } from './workdir/workdir.ts';

/** Runs the command line; the exit status. Never throws. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  const words = argv.slice(2);
  const program = new Command('paseka')
    .description('Rebuild distribution packages in parallel against one fixed repository.')
    .version(version, '-V, --version')
    .exitOverride()
    .configureOutput({ outputError: () => undefined })
    .showHelpAfterError(false);
  let status: number = exitStatus.passed;
  const add = (command: Command, run: (...args: never[]) => Promise<number>, group = program): void => {
    group.addCommand(
      command.action(async (...args: unknown[]) => {
        // Commander gives exactly what the command declares.
        status = await run(...(args as never[]));
      }),
    );
  };
  add(rebuildCommand(), runRebuild);
  add(resolveCommand(), runResolve);
  add(checkCommand(), runCheck);
  add(installCheckCommand(), runInstallCheck);
  add(runCommandCommand(), runRun);
  add(shellCommand(), runShell);
  program.addCommand(workdirCommand((group, verb) => add(verb.command, verb.run, group)));
  program.addCommand(
    snapshotCommand(async (verb) => {
      status = await runSnapshot(verb);
    }),
  );
  program.addCommand(
    layerCommand(async (word, options) => {
      status = await runLayerCompare(word, options);
    }),
  );
  program.addCommand(campaignCommand((group, verb) => add(verb.command, verb.run, group)));
  add(serveCommand(), runServe);
  add(doctorCommand(), runDoctor);
  add(gcCommand(), runGc);
  for (const command of program.commands) inheritSettings(command);
  program.hook('preAction', (_program, command) => applyConfiguration(command));
  try {
    await program.parseAsync([...argv]);
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return reportUsage(error, words.includes('--json'));
    return reportError(error, words.includes('--json'), words.includes('--verbose') || words.includes('-v'));
  }
}

function inheritSettings(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => undefined });
  for (const sub of command.commands) inheritSettings(sub);
}

/** Help and version are no errors; all else is wrong usage. */
function reportUsage(error: CommanderError, isJson: boolean): number {
  if (error.exitCode === 0) return exitStatus.passed;
  if (error.code === 'commander.help') return exitStatus.usage;
  const message = error.message.replace(/^error: /, '');
  const hint = 'see paseka --help, or paseka VERB --help';
  if (isJson) process.stdout.write(`${JSON.stringify({ error: { code: 'bad-option', message, hint } })}\n`);
  process.stderr.write(`paseka: ${message}\n  ${hint} [bad-option]\n`);
  return exitStatus.usage;
}
