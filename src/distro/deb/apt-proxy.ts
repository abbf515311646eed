// SPDX-License-Identifier: GPL-2.0-or-later
import { proxyOfEnvironment } from '../proxy-of-environment.ts';
import type { AptConfiguration } from './apt-configuration.ts';

/** Where the proxy for an address comes from. */
export type ProxyChoice =
  /** Undefined: none is to be used. */
  | { readonly kind: 'fixed'; readonly proxy: string | undefined }
  /** This command is to be asked; where it says nothing, `otherwise` holds. */
  | { readonly kind: 'ask'; readonly command: string; readonly otherwise: string | undefined };

/**
 * The proxy for an address by apt-transport-http(1): a setting for the host, then the command of Proxy-Auto-Detect, then
 * the general setting, then the environment (with `no_proxy`); settings of https default to those of http.
 */
export function chooseProxy(
  url: URL,
  configuration: AptConfiguration,
  environment: Readonly<Record<string, string | undefined>>,
): ProxyChoice {
  const setting = (name: string): string | undefined =>
    (url.protocol === 'https:' ? configuration.get(`Acquire::https::${name}`) : undefined) ??
    configuration.get(`Acquire::http::${name}`);
  const forHost = setting(`Proxy::${url.hostname}`);
  if (forHost !== undefined) return { kind: 'fixed', proxy: parseProxy(forHost) };
  const general = setting('Proxy') ?? proxyOfEnvironment(url, environment);
  const otherwise = general === undefined ? undefined : parseProxy(general);
  const command = setting('Proxy-Auto-Detect') ?? setting('ProxyAutoDetect');
  return command === undefined ? { kind: 'fixed', proxy: otherwise } : { kind: 'ask', command, otherwise };
}

/** A proxy's URL; undefined for `DIRECT`. */
export function parseProxy(text: string): string | undefined {
  if (/^(direct|false)$/i.test(text)) return undefined;
  return /^[a-z0-9]+:\/\//i.test(text) ? text : `http://${text}`;
}
