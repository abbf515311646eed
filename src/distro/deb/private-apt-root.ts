// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { makeDirectory, writeText } from '../../host/files.ts';
import type { AptConfiguration } from './apt-configuration.ts';

/** An apt root of its own: apt that is run with this APT_CONFIG reads and writes nothing of the host's state. */
export interface PrivateAptRoot {
  /** For the environment's APT_CONFIG. */
  readonly configurationPath: string;
  /** The `.sources` file that it reads. */
  readonly sourcesPath: string;
}

export interface PrivateAptRootRequest {
  /** For its configuration, cache and state; made here. */
  readonly directory: string;
  /** Becomes `Dir::State::lists`; made here. */
  readonly listsDirectory: string;
  readonly architecture: string;
  /** Keys for repositories without Signed-By, as apt's `Dir::Etc::trusted` and `trustedparts`. */
  readonly trusted: { readonly file: string; readonly directory: string };
  readonly host: AptConfiguration;
}

/** Makes the directories and the configuration; the caller writes `sourcesPath` and removes it all. */
export async function makePrivateAptRoot(request: PrivateAptRootRequest): Promise<PrivateAptRoot> {
  const { directory, listsDirectory } = request;
  await makeDirectory(join(listsDirectory, 'partial'));
  await makeDirectory(join(directory, 'etc'));
  await makeDirectory(join(directory, 'state'));
  await makeDirectory(join(directory, 'cache', 'archives', 'partial'));
  const sourcesPath = join(directory, 'etc', 'paseka.sources');
  const configurationPath = join(directory, 'etc', 'apt.conf');
  await writeText(configurationPath, renderConfiguration(request, sourcesPath));
  return { configurationPath, sourcesPath };
}

/**
 * The private configuration. Nothing of the host's is read (`main` and `parts`), so neither its hooks nor its index
 * targets run. What it needs to reach the same mirrors is taken over by name, and only where it is set: see
 * {@link isHostSetting}.
 */
function renderConfiguration(request: PrivateAptRootRequest, sourcesPath: string): string {
  const { directory, host } = request;
  const settings: (readonly [name: string, value: string | undefined])[] = [
    ['Dir', `${directory}/`],
    ['Dir::Etc::main', '/dev/null'],
    ['Dir::Etc::parts', '/dev/null'],
    ['Dir::Etc::sourcelist', sourcesPath],
    ['Dir::Etc::sourceparts', '/dev/null'],
    ['Dir::Etc::preferences', '/dev/null'],
    ['Dir::Etc::preferencesparts', '/dev/null'],
    ['Dir::Etc::trusted', request.trusted.file],
    ['Dir::Etc::trustedparts', `${request.trusted.directory}/`],
    ['Dir::Etc::netrc', host.path('Dir::Etc::netrc')],
    ['Dir::Etc::netrcparts', host.path('Dir::Etc::netrcparts')],
    ['Dir::State', `${directory}/state/`],
    ['Dir::State::lists', `${request.listsDirectory}/`],
    ['Dir::State::status', '/dev/null'],
    ['Dir::Cache', `${directory}/cache/`],
    ['Dir::Bin::methods', host.path('Dir::Bin::methods')],
    ['APT::Architecture', request.architecture],
    ['APT::Architectures::', request.architecture],
    ['APT::Sandbox::User', 'root'],
    ['Acquire::Languages', 'none'],
    ['Acquire::GzipIndexes', 'false'],
    ['Acquire::PDiffs', 'false'],
    ['Acquire::AllowInsecureRepositories', 'false'],
    ['Acquire::AllowWeakRepositories', 'false'],
    ['Acquire::http::Timeout', '30'],
    ['Acquire::https::Timeout', '30'],
    ...host.select(isHostSetting),
  ];
  return settings
    .filter((setting): setting is [string, string] => setting[1] !== undefined && !setting[1].includes('"'))
    .map(([name, value]) => `${name} "${value}";\n`)
    .join('');
}

/**
 * Whether a setting of the host's holds for a freeze too: how mirrors are reached (everything below a transport's own
 * name: proxies, certificates, credentials, time-outs, bandwidth) and how strictly the dates of release files are
 * taken. Not what is fetched and how it is kept (Languages, GzipIndexes, IndexTargets, PDiffs, ForceHash, ...), because
 * the frozen directory's format is fixed; and not what would let unsigned repositories in.
 */
function isHostSetting(name: string): boolean {
  return (
    /^Acquire::[a-z0-9+]*(https?|ftp|tor|socks5h)::/i.test(name) ||
    /^Acquire::(Retries|Retries::Delay(::Maximum)?|Queue-Mode|ForceIPv[46]|Send-URI-Encoded|By-Hash|EnableSrvRecords)$/i.test(
      name,
    ) ||
    /^Acquire::(Check-Valid-Until|Check-Date|Max-FutureTime|M(ax|in)-ValidTime(::.*)?)$/i.test(name)
  );
}
