// SPDX-License-Identifier: GPL-2.0-or-later
export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** How a server's certificate is checked; absent fields take the system's certificates and no client certificate. */
export interface TlsSettings {
  /** Paths of PEM files. */
  readonly authorities?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly verifyPeer?: boolean;
  readonly verifyHost?: boolean;
}

/** What the user's configuration says about reaching servers. Addresses are absolute and of http or https. */
export interface DownloadSettings {
  /** The proxy's URL (http, https or socks5h), with its credentials in it; undefined: none. */
  proxyFor(url: URL): Promise<string | undefined>;
  /** For addresses that carry none of their own. */
  credentialsFor(url: URL): Credentials | undefined;
  tlsFor(url: URL): TlsSettings;
}

/** No proxy, no credentials, the system's certificates. */
export const plainDownloadSettings: DownloadSettings = {
  proxyFor: async () => undefined,
  credentialsFor: () => undefined,
  tlsFor: () => ({}),
};
