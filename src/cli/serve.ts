// SPDX-License-Identifier: GPL-2.0-or-later
import { Command, InvalidArgumentError } from 'commander';
import { type ListenAddress, type RunningServer, startServer } from '../server/start-server.ts';
import { type Campaigns, openCampaigns } from './campaign/open-campaigns.ts';
import { exitStatus } from './exit-status.ts';
import { addCommonOptions, type CommonOptions, listOption } from './options.ts';
import { makeOutput } from './output.ts';
import { makeServerParts } from './server-parts.ts';
import { catchStopSignals } from './stop-signals.ts';

interface Options extends CommonOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly name?: readonly string[];
}

/** `paseka serve`. */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description('the dashboard and its API, until Ctrl-C')
    .option('-l, --listen <ADDRESS:PORT>', 'where to listen', listenOption, { host: '127.0.0.1', port: 8460 })
    .option('--name <HOST>', 'a further name that it is asked under; may be repeated', listOption);
  return addCommonOptions(command);
}

/** Runs it; the exit status. */
export async function runServe(options: Options): Promise<number> {
  const output = makeOutput(options);
  using signals = catchStopSignals({ graceMs: 0, say: () => undefined });
  using campaigns = await openCampaigns(options);
  await using server = await serveCampaigns(campaigns, { ...options.listen, names: options.name ?? [] });
  output.result({ address: server.address, addressWithToken: server.addressWithToken }, () =>
    [
      `the dashboard is at ${server.address}`,
      `to cancel too, open it as ${server.addressWithToken}`,
      '',
    ].join('\n'),
  );
  await new Promise<void>((resolve) => {
    if (signals.stop.aborted) resolve();
    signals.stop.addEventListener('abort', () => resolve());
  });
  return exitStatus.passed;
}

/** Serves them until disposed. */
async function serveCampaigns(campaigns: Campaigns, listen: ListenAddress): Promise<RunningServer> {
  await using stack = new AsyncDisposableStack();
  const parts = await makeServerParts(campaigns);
  const warming: Promise<void>[] = [];
  // It stops when the feeds end; only then may the database be closed.
  stack.defer(async () => void (await Promise.all(warming)));
  stack.use(parts.feeds);
  const server = stack.use(await startServer(parts, listen));
  // Who asks for a campaign that can't be read is told why.
  warming.push(parts.feeds.warm().catch(() => undefined));
  const undo = stack.move();
  return { ...server, [Symbol.asyncDispose]: () => undo.disposeAsync() };
}

/** `8460`, `127.0.0.1:8460`, `[::1]:0`. */
function listenOption(text: string): Options['listen'] {
  const match = /^(?:(?:\[([0-9a-f:]+)\]|([^:[\]]+)):)?(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new InvalidArgumentError('give ADDRESS:PORT or PORT');
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port };
}
