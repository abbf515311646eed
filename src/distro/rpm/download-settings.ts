// SPDX-License-Identifier: GPL-2.0-or-later
import type { DownloadSettings } from '../../host/download-settings.ts';
import { proxyOfEnvironment } from '../proxy-of-environment.ts';

/** How RPM repositories are reached: through the environment's proxies, with what addresses say of themselves. */
export async function readDownloadSettings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<DownloadSettings> {
  return {
    proxyFor: async (url) => {
      const proxy = proxyOfEnvironment(url, environment);
      return proxy === undefined || /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
    },
    credentialsFor: () => undefined,
    tlsFor: () => ({}),
  };
}
