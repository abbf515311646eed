// SPDX-License-Identifier: GPL-2.0-or-later
import type { Dispatcher } from 'undici';
import { publicUri } from '../base/public-uri.ts';
import type { Credentials, DownloadSettings } from './download-settings.ts';
import type { HttpConnections } from './http-connections.ts';

const mostRedirects = 10;

export interface HttpRequest {
  readonly settings: DownloadSettings;
  readonly connections: HttpConnections;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/**
 * Asks for an address of http or https, and where it leads to, with the user's credentials for each server. The caller
 * reads or discards the body. Throws where there is no answer, or too many redirects.
 */
export async function requestFollowing(first: URL, asked: HttpRequest): Promise<Dispatcher.ResponseData> {
  const { request } = await import('undici');
  let url = first;
  for (let redirects = 0; ; redirects++) {
    const credentials = ownCredentials(url) ?? asked.settings.credentialsFor(url);
    const bare = new URL(url);
    bare.username = '';
    bare.password = '';
    const response = await request(bare, {
      dispatcher: await asked.connections.dispatcherFor(bare),
      headers: {
        'user-agent': 'paseka',
        ...asked.headers,
        ...(credentials === undefined ? {} : { authorization: basicAuthorization(credentials) }),
      },
      signal: asked.signal,
    });
    const location = response.headers['location']?.toString();
    if (response.statusCode < 300 || response.statusCode >= 400 || location === undefined) return response;
    await discard(response);
    url = new URL(location, url);
    if (redirects >= mostRedirects || !/^https?:$/.test(url.protocol)) {
      throw new Error(`too many or bad redirects, at last to ${publicUri(url.href)}`);
    }
  }
}

/** Lets go of a body that nobody reads. */
export async function discard(response: Dispatcher.ResponseData): Promise<void> {
  response.body.on('error', () => undefined);
  await response.body.dump({ limit: 64 * 1024 }).catch(() => undefined);
}

/** Percent-decoded; as it stands where that is not possible. */
export function decodePath(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function ownCredentials(url: URL): Credentials | undefined {
  if (url.username === '') return undefined;
  return { user: decodePath(url.username), password: decodePath(url.password) };
}

function basicAuthorization({ user, password }: Credentials): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
