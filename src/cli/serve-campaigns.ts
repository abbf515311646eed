// SPDX-License-Identifier: GPL-2.0-or-later
import { InvalidArgumentError } from 'commander';
import { isPasekaError } from '../base/paseka-error.ts';
import { CampaignStore } from '../db/campaign-store.ts';
import { openDatabase } from '../db/database.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { renewToken, serverToken } from '../server/server-token.ts';
import type { ListenAddress, RunningServer } from '../server/start-server.ts';
import type { CommonOptions } from './options.ts';
import type { Output } from './output.ts';

/** Where a server listens. */
export type ListenOption = Pick<ListenAddress, 'host' | 'port'>;

export const defaultListen: ListenOption = { host: '127.0.0.1', port: 8460 };

export interface ServeRequest extends Omit<ListenAddress, 'token'> {
  /** Whether what allowed to change something so far does so no more. */
  readonly newToken: boolean;
}

/** Serves the campaigns of a state directory until disposed: what is running then still sees the last events. */
export async function serveCampaigns(
  state: StateDirectory,
  { newToken, ...listen }: ServeRequest,
  options: CommonOptions,
): Promise<RunningServer> {
  // loaded by who serves: most campaigns run without
  const { startServer } = await import('../server/start-server.ts');
  const { makeServerParts } = await import('./server-parts.ts');
  await using stack = new AsyncDisposableStack();
  if (newToken) await renewToken(state.serverToken);
  const token = (): Promise<string> => serverToken(state.serverToken);
  const database = stack.use(openDatabase(state.database));
  const parts = await makeServerParts({ database, state, store: new CampaignStore(database) }, options);
  const warming: Promise<void>[] = [];
  // It stops when the feeds end; only then may the database be closed.
  stack.defer(async () => void (await Promise.all(warming)));
  stack.use(parts.starts);
  stack.use(parts.feeds);
  const server = stack.use(await startServer(parts, { ...listen, token }));
  stack.defer(() => parts.feeds.poll());
  // Who asks for a campaign that can't be read is told why.
  warming.push(parts.feeds.warm().catch(() => undefined));
  const undo = stack.move();
  return { ...server, [Symbol.asyncDispose]: () => undo.disposeAsync() };
}

/**
 * Serves beside a campaign that this process runs, and says where. Where no address was named and the usual one is taken, by
 * `paseka serve` perhaps, any other does.
 */
export async function serveBeside(
  listen: ListenOption | undefined,
  state: StateDirectory,
  options: CommonOptions,
  output: Output,
): Promise<RunningServer> {
  const serve = (address: ListenOption): Promise<RunningServer> =>
    serveCampaigns(state, { ...address, names: [], newToken: false }, options);
  let server: RunningServer;
  try {
    server = await serve(listen ?? defaultListen);
  } catch (error) {
    if (listen !== undefined || !isPasekaError(error, 'bad-option')) throw error;
    server = await serve({ ...defaultListen, port: 0 });
  }
  // The token is good for longer than this run: it is for eyes, and not for what is kept of the output.
  const address = process.stderr.isTTY === true ? server.addressWithToken : server.address;
  output.progress(`the dashboard is at ${address} until this ends`);
  return server;
}

/** `8460`, `127.0.0.1:8460`, `[::1]:0`. */
export function listenOption(text: string): ListenOption {
  const match = /^(?:(?:\[([0-9a-f:]+)\]|([^:[\]]+)):)?(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) throw new InvalidArgumentError('give ADDRESS:PORT or PORT');
  return { host: match[1] ?? match[2] ?? defaultListen.host, port };
}
