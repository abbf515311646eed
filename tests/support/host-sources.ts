// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync } from 'node:fs';
import { runTool } from './run-tool.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Lines of a sources.list for the main component, binaries and sources, of the distribution that this host runs: from
 * its own apt sources, without updates and security.
 */
export async function readHostSources(): Promise<readonly string[]> {
  const format = '$(REPO_URI) $(RELEASE) $(COMPONENT)';
  const said = await runTool(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
  const codename = (await runTool(['sh', '-c', '. /etc/os-release; echo "$VERSION_CODENAME"'])).trim();
  for (const line of said.split('\n')) {
    const [uri, release, component] = line.split(' ');
    if (uri === undefined || release !== codename || component !== 'main') continue;
    const options = existsSync(keyring) ? `[signed-by=${keyring}] ` : '';
    return ['deb', 'deb-src'].map((type) => `${type} ${options}${uri} ${release} main`);
  }
  throw new Error(`no apt source of this host offers ${codename} main`);
}
