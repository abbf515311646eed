// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import type { ChosenRepositories, Repository, WantedRepositories } from '../repository.ts';

/** What the host's own sources say, for {@link chooseRepositories}. */
export interface HostRepositories {
  /** All enabled ones, in apt's order. */
  readonly repositories: readonly Repository[];
  /** The host's release (`VERSION_CODENAME` of os-release(5)); empty where it has none. */
  readonly codename: string;
  /** The distribution's archive keyring; undefined where it is not installed. */
  readonly archiveKeyring: string | undefined;
}

/**
 * Which repositories stand for a suite:
 *
 * - with a mirror: that address alone, with the components and keyring that are asked for, else those of the host's own
 *   main repository;
 * - a suite S that the host's sources name: all of their entries for S and for `S-updates`, `S-security`, `S-backports`
 *   and `S/updates` (security before bullseye);
 * - another suite: S on the host's main mirror, which is the repository of the host's own codename, or else the first
 *   that has components.
 *
 * Throws PasekaError no-repositories where the host has none to start from, bad-option for a suite that is none.
 */
export function chooseRepositories(wanted: WantedRepositories, host: HostRepositories): ChosenRepositories {
  const usable = host.repositories.filter(({ uri }) => !uri.startsWith('cdrom:'));
  const main = findMainRepository(usable, host.codename);
  const suite = wanted.suite ?? (host.codename === '' ? main?.suite : host.codename);
  if (suite === undefined) throw noRepositories('the host has no repository and no suite was named');
  if (!/^[A-Za-z0-9][A-Za-z0-9.+_~/-]*$/.test(suite)) {
    throw new PasekaError(
      'bad-option',
      `not a suite: ${suite}`,
      'a suite is a name such as bookworm, trixie or sid',
    );
  }
  if (wanted.mirror !== undefined) {
    return { suite, repositories: [onMirror(wanted.mirror, suite, wanted, main, host)] };
  }
  const own = usable.filter((repository) => belongsTo(repository.suite, suite));
  if (own.some((repository) => repository.suite === suite && repository.sourcesOnly !== true)) {
    return { suite, repositories: own };
  }
  if (main === undefined) throw noRepositories(`the host has no repository to take ${suite} from`);
  return { suite, repositories: [onMirror(main.uri, suite, wanted, main, host)] };
}

function belongsTo(candidate: string, suite: string): boolean {
  if (candidate === suite || candidate === `${suite}/updates`) return true;
  return ['updates', 'security', 'backports'].some((pocket) => candidate === `${suite}-${pocket}`);
}

function findMainRepository(repositories: readonly Repository[], codename: string): Repository | undefined {
  const candidates = repositories.filter(
    ({ components, sourcesOnly }) => components.length > 0 && sourcesOnly !== true,
  );
  return candidates.find(({ suite }) => suite === codename) ?? candidates[0];
}

function onMirror(
  uri: string,
  suite: string,
  wanted: WantedRepositories,
  main: Repository | undefined,
  host: HostRepositories,
): Repository {
  const signedBy = wanted.keyring ?? host.archiveKeyring ?? main?.signedBy;
  const components = wanted.components?.split(/[\s,]+/).filter((name) => name !== '');
  return {
    uri: uri.replace(/\/+$/, ''),
    suite,
    components: suite.endsWith('/') ? [] : (components ?? main?.components ?? ['main']),
    ...(signedBy === undefined ? {} : { signedBy }),
    ...(main?.checkValidUntil === undefined ? {} : { checkValidUntil: main.checkValidUntil }),
  };
}

function noRepositories(message: string): PasekaError {
  return new PasekaError(
    'no-repositories',
    message,
    'name one with --mirror URL --suite SUITE, or with --sources FILE',
  );
}
