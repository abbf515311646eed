// SPDX-License-Identifier: GPL-2.0-or-later
import { readFile } from 'node:fs/promises';
import { getCACertificates } from 'node:tls';
import type { buildConnector, Dispatcher } from 'undici';
import type { DownloadSettings, TlsSettings } from './download-settings.ts';

const silenceMs = 60_000;

/** Connections to servers and proxies, kept open between requests; closed when disposed. */
export class HttpConnections implements AsyncDisposable {
  readonly #settings: DownloadSettings;
  readonly #dispatchers = new Map<string, Promise<Dispatcher>>();

  constructor(settings: DownloadSettings) {
    this.#settings = settings;
  }

  /** What requests to this address go through. Throws where a certificate's file can't be read. */
  async dispatcherFor(url: URL): Promise<Dispatcher> {
    const proxy = await this.#settings.proxyFor(url);
    const tls = url.protocol === 'https:' ? this.#settings.tlsFor(url) : undefined;
    const key = JSON.stringify([proxy ?? null, tls ?? null]);
    const known = this.#dispatchers.get(key);
    if (known !== undefined) return known;
    const made = makeDispatcher(proxy, tls);
    this.#dispatchers.set(key, made);
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const dispatchers = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    for (const made of await Promise.allSettled(dispatchers)) {
      if (made.status === 'fulfilled') await made.value.destroy(); // who asked for another was told why there is none
    }
  }
}

async function makeDispatcher(proxy: string | undefined, tls: TlsSettings | undefined): Promise<Dispatcher> {
  const { Agent, ProxyAgent } = await import('undici'); // a third of a start, and mostly all is there
  const connect = tls === undefined ? {} : await connectOptions(tls);
  const common = { headersTimeout: silenceMs, bodyTimeout: silenceMs, connections: 16 };
  if (proxy === undefined) return new Agent({ ...common, connect: { ...connect, timeout: silenceMs } });
  // Caching proxies answer plain requests; a tunnel is only for https.
  const uri = proxy.replace(/^socks5h:/i, 'socks5:');
  return new ProxyAgent({ ...common, uri, proxyTunnel: false, requestTls: connect });
}

async function connectOptions(tls: TlsSettings): Promise<buildConnector.BuildOptions> {
  // apt trusts what the system trusts; Node by itself only the list built into it
  const ca =
    tls.authorities === undefined
      ? [...getCACertificates('default'), ...getCACertificates('system')]
      : await readFile(tls.authorities, 'utf8');
  return {
    ca,
    ...(tls.certificate === undefined ? {} : { cert: await readFile(tls.certificate, 'utf8') }),
    ...(tls.key === undefined ? {} : { key: await readFile(tls.key, 'utf8') }),
    ...(tls.verifyPeer === false ? { rejectUnauthorized: false } : {}),
    ...(tls.verifyHost === false ? { checkServerIdentity: () => undefined } : {}),
  };
}
