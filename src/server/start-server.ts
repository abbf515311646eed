// SPDX-License-Identifier: GPL-2.0-or-later
import { randomBytes } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { listenHttp } from '../host/http-server.ts';
import type { AccessRules } from './access.ts';
import { makeApp } from './app.ts';
import type { ServerParts } from './server-parts.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
  /** Further names that it may be asked under, as behind a proxy: `builds.example.org`. */
  readonly names: readonly string[];
}

export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:8460`. */
  readonly address: string;
  /** The same with the token that allows to change something: to be shown once. */
  readonly addressWithToken: string;
}

/** Serves until disposed. Throws PasekaError bad-option where it can't listen there. */
export async function startServer(
  parts: Omit<ServerParts, 'signal'>,
  listen: ListenAddress,
): Promise<RunningServer> {
  const ending = new AbortController();
  const isLoopback = /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(listen.host);
  const token = randomBytes(24).toString('base64url');
  const hosts = new Set<string>();
  const rules: AccessRules = { hosts, token, isReadingGuarded: !isLoopback, cookie: 'paseka' };
  const app = makeApp({ ...parts, signal: ending.signal }, rules);
  const answer = getRequestListener((request, environment) => app.fetch(request, environment), {
    overrideGlobalObjects: false,
  });
  const server = await listenHttp(listen, (request, response) => void answer(request, response));
  const { port } = server;
  const shown = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const names = [shown, ...(isLoopback ? ['localhost', '127.0.0.1', '[::1]'] : [])];
  for (const name of names) hosts.add(port === 80 ? name : `${name}:${port}`);
  for (const name of listen.names) hosts.add(name.toLowerCase());
  const address = `http://${shown}:${port}`;
  return {
    address,
    addressWithToken: `${address}/?token=${token}`,
    async [Symbol.asyncDispose]() {
      ending.abort();
      await server[Symbol.asyncDispose]();
    },
  };
}
