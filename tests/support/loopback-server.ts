// SPDX-License-Identifier: GPL-2.0-or-later
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';

/** What the server does instead of sending the file. */
export type Misbehaviour =
  | { readonly kind: 'status'; readonly status: number }
  /** Announces the whole length, sends so many bytes, and closes the connection: at once, or when the promise is fulfilled. */
  | { readonly kind: 'break-off'; readonly afterBytes: number; readonly when?: () => Promise<void> }
  | { readonly kind: 'other-content'; readonly body: string | Uint8Array }
  | { readonly kind: 'redirect'; readonly location: string }
  /** Sends so many bytes, and the rest when the promise is fulfilled. */
  | { readonly kind: 'pause'; readonly afterBytes: number; readonly until: Promise<void> }
  | { readonly kind: 'ignore-range' }
  /** 401 unless the request carries these credentials. */
  | { readonly kind: 'want-credentials'; readonly user: string; readonly password: string };

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** A directory served over HTTP on 127.0.0.1, with byte ranges and entity tags; it can be told to misbehave. */
export interface LoopbackServer extends AsyncDisposable {
  /** Without a final slash. */
  readonly uri: string;
  /** Everything asked for so far. */
  readonly requests: readonly SeenRequest[];
  /** Most requests that were being answered at one time. */
  readonly mostAtOnce: number;
  /** Fulfilled when so many requests have come in all. */
  requested(count: number): Promise<void>;
  /** From now on does `misbehaviour` for paths that match, the next `times` times (default: always). */
  misbehave(path: RegExp, misbehaviour: Misbehaviour, times?: number): void;
  /** Forgets all misbehaviour. */
  behave(): void;
  /** Stops listening and breaks all connections: the port then refuses. */
  stop(): Promise<void>;
}

/** Serves `directory` until disposed. */
export async function startLoopbackServer(directory: string): Promise<LoopbackServer> {
  const requests: SeenRequest[] = [];
  let rules: { readonly path: RegExp; readonly misbehaviour: Misbehaviour; times: number }[] = [];
  const waiters: { readonly count: number; readonly resolve: () => void }[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const takeRule = (path: string): Misbehaviour | undefined => {
    const rule = rules.find((candidate) => candidate.times > 0 && candidate.path.test(path));
    if (rule !== undefined) rule.times--;
    return rule?.misbehaviour;
  };
  const server = createServer((request, response) => {
    const target = decodeURIComponent(new URL(request.url ?? '/', 'http://loopback').pathname);
    requests.push({ method: request.method ?? '', path: target, headers: request.headers });
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    response.once('close', () => atOnce--);
    for (const waiter of waiters) if (requests.length >= waiter.count) waiter.resolve();
    answer(directory, target, request, response, takeRule(target)).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopped ??= new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return stopped;
  };
  return {
    uri: `http://127.0.0.1:${port}`,
    requests,
    get mostAtOnce() {
      return mostAtOnce;
    },
    async requested(count) {
      const { promise, resolve } = Promise.withResolvers<void>();
      waiters.push({ count, resolve });
      if (requests.length >= count) resolve();
      await promise;
    },
    misbehave(path, misbehaviour, times = Number.POSITIVE_INFINITY) {
      rules.push({ path, misbehaviour, times });
    },
    behave() {
      rules = [];
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

async function answer(
  directory: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
  misbehaviour: Misbehaviour | undefined,
): Promise<void> {
  switch (misbehaviour?.kind) {
    case 'status':
      return end(response, misbehaviour.status);
    case 'redirect':
      return end(response, 302, { location: misbehaviour.location });
    case 'want-credentials': {
      const wanted = `Basic ${Buffer.from(`${misbehaviour.user}:${misbehaviour.password}`).toString('base64')}`;
      if (request.headers.authorization !== wanted) {
        return end(response, 401, { 'www-authenticate': 'Basic realm="test"' });
      }
      break;
    }
    case 'other-content':
      return end(response, 200, {}, Buffer.from(misbehaviour.body));
    case 'ignore-range':
    case 'break-off':
    case 'pause':
    case undefined:
      break;
  }
  let content: Buffer;
  try {
    content = await readFile(join(directory, normalize(path)));
  } catch {
    return end(response, 404);
  }
  const etag = `"${createHash('sha256').update(content).digest('hex')}"`;
  const start = misbehaviour?.kind === 'ignore-range' ? 0 : rangeStart(request, etag);
  if (start >= content.length && start > 0)
    return end(response, 416, { 'content-range': `bytes */${content.length}` });
  const body = content.subarray(start);
  response.writeHead(start > 0 ? 206 : 200, {
    'content-length': body.length,
    'accept-ranges': 'bytes',
    etag,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {}),
  });
  if (request.method === 'HEAD') return void response.end();
  if (misbehaviour?.kind === 'break-off') {
    response.write(body.subarray(0, misbehaviour.afterBytes));
    await misbehaviour.when?.();
    response.destroy();
  } else if (misbehaviour?.kind === 'pause') {
    response.write(body.subarray(0, misbehaviour.afterBytes));
    await misbehaviour.until;
    response.end(body.subarray(misbehaviour.afterBytes));
  } else {
    response.end(body);
  }
}

function rangeStart(request: IncomingMessage, etag: string): number {
  const ifRange = request.headers['if-range'];
  if (ifRange !== undefined && ifRange !== etag) return 0;
  return Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
}

function end(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
  body: Buffer = Buffer.from(`${status}\n`),
): void {
  response.writeHead(status, { 'content-length': body.length, ...headers }).end(body);
}
