// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { publicUri } from '../../base/public-uri.ts';
import type { DocumentFetcher } from '../../host/fetch-document.ts';
import type { Repository } from '../repository.ts';
import type { FrozenRepository } from './frozen-directory.ts';

/** What fetching a repository takes. */
export interface FreezeTools {
  /** The frozen directory. */
  readonly directory: string;
  readonly architecture: string;
  readonly fetcher: DocumentFetcher;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** A repository that was fetched and checked; its indices are still to be converted. */
export interface FetchedRepository {
  readonly frozen: FrozenRepository;
  /** Absolute paths of the indices. */
  readonly primary: string;
  readonly filelists: string | undefined;
  /** Whether they were made here of what is kept as it was fetched, and go when they are converted. */
  readonly isMade?: boolean;
}

/** dnf.conf(5): where nothing else is said. */
const defaultPriority = 99;

/** What of a frozen repository is as the user wants it. */
export function asWanted({
  priority = defaultPriority,
  sourcesOnly = false,
}: Repository): Pick<FrozenRepository, 'priority' | 'sourcesOnly'> {
  return { priority: -priority, sourcesOnly };
}

/** A repository whose signature is not what the user asks for. */
export function untrusted({ suite }: Repository, uri: string, why: string, hint: string): PasekaError {
  return new PasekaError(
    'signature-invalid',
    `the repository ${suite} (${publicUri(uri)}) can't be trusted: ${why}`,
    hint,
  );
}
