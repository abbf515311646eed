// SPDX-License-Identifier: GPL-2.0-or-later
import { type IncomingHttpHeaders, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One HTTP request, exactly as given: `fetch` would tidy the path and set headers of its own. */
export async function httpAsk(
  address: string,
  path: string,
  options: {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  } = {},
): Promise<Answer> {
  const { hostname, port } = new URL(address);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const asked = request(
    { hostname, port, path, method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false },
    (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    },
  );
  asked.on('error', reject).end(options.body);
  return promise;
}
