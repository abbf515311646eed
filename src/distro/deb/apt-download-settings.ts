// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { DownloadSettings, TlsSettings } from '../../host/download-settings.ts';
import { isErrno, listDirectory, readTextIfExists } from '../../host/files.ts';
import { isSuccess, runProcess } from '../../host/process.ts';
import { type AuthEntry, findCredentials, parseAuthConf } from './apt-auth.ts';
import { type AptConfiguration, aptEnvironment, readHostAptConfiguration } from './apt-configuration.ts';
import { chooseProxy, parseProxy } from './apt-proxy.ts';

const autoDetectTimeoutMs = 10_000;

/**
 * How the host's apt reaches mirrors, so that package files are fetched in the same way: proxies, credentials of
 * apt_auth.conf(5), certificates. Read once. Throws PasekaError tool-missing and tool-failed.
 */
export async function readAptDownloadSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<DownloadSettings> {
  const configuration = await readHostAptConfiguration(environment);
  const entries = await readAuthEntries(configuration);
  const detected = new Map<string, Promise<string | undefined>>();
  return {
    async proxyFor(url) {
      const choice = chooseProxy(url, configuration, environment);
      if (choice.kind === 'fixed') return withProxyCredentials(choice.proxy, entries);
      const known =
        detected.get(url.origin) ?? detectProxy(choice.command, url, choice.otherwise, environment);
      detected.set(url.origin, known);
      return withProxyCredentials(await known, entries);
    },
    credentialsFor: (url) => findCredentials(entries, url),
    tlsFor: (url) => tlsSettings(configuration, url.hostname),
  };
}

/** auth.conf, then auth.conf.d in order; those that this user may not read are passed over, as apt does. */
async function readAuthEntries(configuration: AptConfiguration): Promise<AuthEntry[]> {
  const file = configuration.path('Dir::Etc::netrc');
  const parts = configuration.path('Dir::Etc::netrcparts');
  const names =
    parts === undefined ? [] : (await listDirectory(parts)).filter((name) => name.endsWith('.conf'));
  const paths = [...(file === undefined ? [] : [file]), ...names.map((name) => join(parts ?? '', name))];
  const entries: AuthEntry[] = [];
  for (const path of paths) {
    try {
      entries.push(...parseAuthConf((await readTextIfExists(path)) ?? ''));
    } catch (error) {
      if (!isErrno(error, 'EACCES', 'EPERM')) throw error;
    }
  }
  return entries;
}

function withProxyCredentials(proxy: string | undefined, entries: readonly AuthEntry[]): string | undefined {
  if (proxy === undefined || !URL.canParse(proxy)) return proxy;
  const url = new URL(proxy);
  const credentials = url.username === '' ? findCredentials(entries, url) : undefined;
  if (credentials === undefined) return proxy;
  url.username = encodeURIComponent(credentials.user);
  url.password = encodeURIComponent(credentials.password);
  return url.href;
}

async function detectProxy(
  command: string,
  url: URL,
  otherwise: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const result = await runProcess({
    command: [command, `${url.origin}/`],
    environment: aptEnvironment(environment),
    timeoutMs: autoDetectTimeoutMs,
  });
  const answer = result.stdout.split('\n')[0]?.trim() ?? '';
  return isSuccess(result.end) && answer !== '' ? parseProxy(answer) : otherwise;
}

function tlsSettings(configuration: AptConfiguration, host: string): TlsSettings {
  const setting = (name: string): string | undefined =>
    configuration.get(`Acquire::https::${name}::${host}`) ??
    configuration.get(`Acquire::https::${host}::${name}`) ??
    configuration.get(`Acquire::https::${name}`);
  const isOff = (name: string): boolean => /^(no|false|without|off|disable|0)$/i.test(setting(name) ?? '');
  const authorities = setting('CaInfo');
  const certificate = setting('SslCert');
  const key = setting('SslKey');
  return {
    ...(authorities === undefined ? {} : { authorities }),
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(isOff('Verify-Peer') ? { verifyPeer: false } : {}),
    ...(isOff('Verify-Host') ? { verifyHost: false } : {}),
  };
}
