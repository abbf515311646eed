// SPDX-License-Identifier: GPL-2.0-or-later
import { fileURLToPath } from 'node:url';

/** Lets apt's programs that this process starts see none of the host's own settings: a test must not depend on them. */
export function hideHostAptConfiguration(): void {
  process.env['APT_CONFIG'] = fileURLToPath(new URL('../fixtures/apt-without-host.conf', import.meta.url));
  for (const name of ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']) delete process.env[name];
}
