// SPDX-License-Identifier: GPL-2.0-or-later
import { Command } from 'commander';
import { enterPrivateNamespace } from '../host/private-namespace.ts';
import { exitStatus } from './exit-status.ts';
import { addCommonOptions, type CommonOptions, listOption } from './options.ts';
import { makeOutput } from './output.ts';
import { defaultListen, type ListenOption, listenOption, serveCampaigns } from './serve-campaigns.ts';
import { catchStopSignals } from './stop-signals.ts';
import { openState } from './workspace.ts';

interface Options extends CommonOptions {
  readonly listen: ListenOption;
  readonly name?: readonly string[];
  readonly newToken: boolean;
}

/** `paseka serve`. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('the dashboard and its API, until Ctrl-C; campaigns that were started from it go on')
    .option('-l, --listen <ADDRESS:PORT>', 'where to listen', listenOption, defaultListen)
    .option('--name <HOST>', 'a further name that it is asked under; may be repeated', listOption)
    .option('--new-token', 'from now on another token: addresses with the old one change nothing', false);
  return addCommonOptions(command);
}

/** Runs it; the exit status. */
export async function runServe(options: Options): Promise<number> {
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: () => undefined });
  // As root of the private namespace, because that is who owns everything in the state directory.
  const state = await openState(options, await enterPrivateNamespace());
  const { listen, newToken, name: names = [] } = options;
  await using server = await serveCampaigns(state, { ...listen, names, newToken }, options);
  output.result({ address: server.address, addressWithToken: server.addressWithToken }, () =>
    [
      `the dashboard is at ${server.address}`,
      `to start, retry and cancel too, open it as ${server.addressWithToken}`,
      '',
    ].join('\n'),
  );
  await new Promise<void>((resolve) => {
    if (signals.stop.aborted) resolve();
    signals.stop.addEventListener('abort', () => resolve());
  });
  return exitStatus.passed;
}
