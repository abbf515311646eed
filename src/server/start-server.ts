// SPDX-License-Identifier: GPL-2.0-or-later
import { getRequestListener } from '@hono/node-server';
import { hostAddresses } from '../host/host-addresses.ts';
import { listenHttp } from '../host/http-server.ts';
import type { AccessRules } from './access.ts';
import { makeApp } from './app.ts';
import type { ServerParts } from './server-parts.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Further names that it may be asked under, as behind a proxy: `builds.example.org`. */
  readonly names: readonly string[];
  /** What allows to change something, asked for with each request. */
  readonly token: () => Promise<string>;
}

export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:8460`. */
  readonly address: string;
  /** The same with the token that allows to change something. */
  readonly addressWithToken: string;
}

/** Serves until disposed. Throws PasekaError bad-option where it can't listen there. */
export async function startServer(
  parts: Omit<ServerParts, 'signal'>,
  listen: ListenAddress,
): Promise<RunningServer> {
  const ending = new AbortController();
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(listen.host);
  const isEveryAddress = listen.host === '0.0.0.0' || listen.host === '::';
  const hosts = new Set<string>();
  let cookie = 'paseka';
  const rulesNow = async (): Promise<AccessRules> => ({
    hosts,
    token: await listen.token(),
    isReadingGuarded: !isLoopback,
    cookie,
  });
  const app = makeApp({ ...parts, signal: ending.signal }, rulesNow);
  const answer = getRequestListener((request, environment) => app.fetch(request, environment), {
    overrideGlobalObjects: false,
  });
  const server = await listenHttp(listen, (request, response) => void answer(request, response));
  const { port } = server;
  // Browsers send a cookie to every port of a host: two servers would take it from each other.
  cookie = `paseka-${port}`;
  const shown = inAddress(listen.host);
  const names = [
    shown,
    ...(isLoopback || isEveryAddress ? ['localhost', '127.0.0.1', '[::1]'] : []),
    ...(isEveryAddress ? hostAddresses().map(inAddress) : []),
    ...listen.names.map((name) => name.toLowerCase()),
  ];
  for (const name of names) hosts.add(port === 80 ? name : `${name}:${port}`);
  // A proxy before it may have another port.
  for (const name of listen.names) hosts.add(name.toLowerCase());
  const address = `http://${shown}:${port}`;
  return {
    address,
    addressWithToken: `${address}/?token=${await listen.token()}`,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** As it stands in an address, and so in `Host`. */
function inAddress(host: string): string {
  return (host.includes(':') ? `[${host}]` : host).toLowerCase();
}
