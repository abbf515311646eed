// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { isPasekaError, type PasekaError } from '../base/paseka-error.ts';
import { readHostFacts } from '../campaign/host-facts.ts';
import { type Finding, isFit, judgeHost } from '../campaign/host-findings.ts';
import { allHostRemarks } from '../distro/distributions.ts';
import { enterPrivateNamespace } from '../host/private-namespace.ts';
import { exitStatus } from './exit-status.ts';
import { addCommonOptions, type CommonOptions } from './options.ts';
import { makeOutput, type Output } from './output.ts';
import { openState } from './workspace.ts';

/** `paseka doctor`. */
export function doctorCommand(): Command {
  return addCommonOptions(
    new Command('doctor').description('what this host has and lacks, with the command that mends it'),
  );
}

/** Looks and tries; 3 where something is missing that building needs. */
export async function runDoctor(options: CommonOptions): Promise<number> {
  const output = makeOutput(options);
  const namespace = await orProblem(enterPrivateNamespace);
  const state = 'invoker' in namespace ? await orProblem(() => openState(options, namespace)) : namespace;
  const findings = judgeHost(await readHostFacts(namespace, state, { hostRemarks: allHostRemarks }));
  const fit = isFit(findings);
  output.result({ fit, findings }, () => render(findings, fit, output));
  return fit ? exitStatus.passed : exitStatus.host;
}

async function orProblem<T>(action: () => Promise<T>): Promise<T | PasekaError> {
  try {
    return await action();
  } catch (error) {
    if (isPasekaError(error)) return error;
    throw error;
  }
}

function render(findings: readonly Finding[], fit: boolean, output: Output): string {
  const { style } = output;
  const marks = { ok: style.good('✓'), degraded: style.warn('!'), missing: style.bad('✗') } as const;
  const lines = findings
    .filter((finding) => output.verbosity !== 'quiet' || finding.state !== 'ok')
    .map(
      ({ name, state, detail, remedy }) =>
        `${marks[state]} ${style.bold(name)}: ${detail}${remedy === null ? '' : `\n    ${remedy}`}`,
    );
  lines.push(fit ? style.good('this host can build') : style.bad('this host cannot build yet'));
  return `${lines.join('\n')}\n`;
}
