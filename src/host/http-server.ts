// SPDX-License-Identifier: GPL-2.0-or-later
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PasekaError } from '../base/paseka-error.ts';

const lookEveryMs = 10;
const graceMs = 500;

/** A server that listens; disposing it lets answers that are nearly over end, and breaks all other connections. */
export interface HttpServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Listens for HTTP; port 0 takes any free one. Throws PasekaError bad-option where the address is taken or isn't this
 * machine's.
 */
export async function listenHttp(
  address: { readonly host: string; readonly port: number },
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: 60_000 }, answer);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(address.port, address.host, resolve);
    });
  } catch (error) {
    throw new PasekaError(
      'bad-option',
      `can't listen on ${address.host}:${address.port}: ${(error as Error).message}`,
      'name another address with --listen',
      error,
    );
  }
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const ending = setInterval(() => server.closeIdleConnections(), lookEveryMs);
      const over = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearInterval(ending);
      clearTimeout(over);
    },
  };
}
