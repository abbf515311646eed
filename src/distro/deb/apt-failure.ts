// SPDX-License-Identifier: GPL-2.0-or-later
import { didYouMean, nearestNames } from '../../base/nearest-names.ts';
import { type ErrorCode, PasekaError } from '../../base/paseka-error.ts';
import { knownSuites } from './known-suites.ts';

/** What `apt-get update` said, taken apart. */
export interface AptReport {
  /** Errors and warnings without their `E: ` and `W: `, each on one line. */
  readonly messages: readonly string[];
  /** `URI SUITE` of the repositories that have no release file at all, taken because they are trusted. */
  readonly withoutRelease: ReadonlySet<string>;
  /** `URI SUITE RELEASE-FILE` to the reason why it could not be had. */
  readonly releaseFailures: ReadonlyMap<string, string>;
}

/** Reads both streams of `apt-get -q update` (apt 2.2 to 3.x, language C). */
export function parseAptReport(stdout: string, stderr: string): AptReport {
  const messages: string[] = [];
  for (const line of stderr.split('\n')) {
    const start = /^(?:E|W|Error|Warning): (.*)$/.exec(line);
    if (start !== null) messages.push(withReason((start[1] ?? '').replace(/ {3,}/g, ' '), stdout));
  }
  const releaseFailures = new Map<string, string>();
  for (const match of stdout.matchAll(/^Err:\d+ (\S+ \S+ (?:In)?Release)\n +(.*)$/gm)) {
    releaseFailures.set(match[1] ?? '', match[2] ?? '');
  }
  const withoutRelease = new Set<string>();
  for (const match of stdout.matchAll(/^Ign:\d+ (\S+ \S+) Release$/gm)) withoutRelease.add(match[1] ?? '');
  return { messages, withoutRelease, releaseFailures };
}

/** From apt 3.0 on an error can be no more than `Unable to connect to HOST:PORT:`; what went before it only stdout says. */
function withReason(message: string, stdout: string): string {
  const [, start, conclusion = ''] =
    /^(Failed to fetch \S+ +)(Unable to connect to .*:)$/.exec(message) ?? [];
  if (start === undefined) return message;
  const lines = stdout.split('\n').map((line) => line.trim());
  const reason = lines[lines.indexOf(conclusion) - 1];
  return reason === undefined ? message : `${start}${reason}`;
}

/** The addresses that could not be fetched. */
export function failedUrls(report: AptReport): string[] {
  return report.messages.flatMap((message) => /^Failed to fetch (\S+)/.exec(message)?.[1] ?? []);
}

interface Rule {
  readonly code: ErrorCode;
  readonly pattern: RegExp;
  readonly hint: string;
}

// In the order of what explains the others: a full disk also breaks signatures, a bad signature also stops a download.
const rules: readonly Rule[] = [
  {
    code: 'disk-full',
    pattern: /No space left on device|Disk quota exceeded|\(28: |\(122: /,
    hint: 'free some space, or put the state elsewhere with --state-dir',
  },
  {
    code: 'bad-source-list',
    pattern:
      /list of sources could not be read|^Conflicting values set for option|^Invalid value set for option|^Malformed|^The method driver .* could not be found/,
    hint: 'sources.list(5) describes what a repository entry may say',
  },
  {
    code: 'index-expired',
    pattern: /is expired \(invalid since|is not valid yet/,
    hint: "the mirror is out of date or the clock is wrong; to take it all the same, say `Check-Valid-Until: no` in the repository's source",
  },
  {
    code: 'index-corrupt',
    // `Undetermined Error` is all that apt 3.0 says of a copied file that isn't what the release file says
    pattern:
      /^Failed to fetch (.*(Hash Sum mismatch|unexpected size|Writing more data than expected|Clearsigned file isn't valid|Insufficient information|Unable to parse|Splitting up|compressed data|Cross-signed)|copy:\S+ +Undetermined Error)/i,
    hint: 'the mirror may be in the middle of an update, or a proxy or login page stands before it: try again, or take another mirror',
  },
  {
    code: 'mirror-inconsistent',
    pattern:
      /^Failed to fetch .*\b(404|410)\b +(Not Found|Gone)|^Failed to fetch (copy|file):.*No such file/i,
    hint: 'its release file names this index: the mirror is incomplete or in the middle of an update; try again, or take another mirror',
  },
  {
    code: 'mirror-unreachable',
    pattern: /^Failed to fetch .* (401|403|407) /,
    hint: 'the server wants credentials: apt_auth.conf(5) says where to put them',
  },
  {
    code: 'mirror-unreachable',
    pattern: /^Failed to fetch \S+ +\S/,
    hint: 'check the address, the network and the proxy settings (Acquire::http::Proxy), or take another mirror',
  },
  {
    code: 'signature-invalid',
    pattern: /GPG error|OpenPGP signature verification failed|is not signed|no longer signed|weak/i,
    hint: "name the repository's keyring in Signed-By; only `Trusted: yes` takes a repository without a valid signature",
  },
];

/** The error that explains why `apt-get update` failed, with what apt said of it. */
export function classifyAptFailure(report: AptReport): PasekaError {
  const { messages } = report;
  const cause = new Error(messages.join('\n'));
  const missingRelease = findMissingRelease(report);
  for (const rule of rules) {
    if (rule.code === 'mirror-inconsistent' && missingRelease !== undefined) return missingRelease;
    const message = messages.find((candidate) => rule.pattern.test(candidate));
    if (message !== undefined) return new PasekaError(rule.code, message, rule.hint, cause);
  }
  if (missingRelease !== undefined) return missingRelease;
  return new PasekaError(
    'tool-failed',
    `apt-get update failed: ${messages[0] ?? 'it said nothing'}`,
    'run the same repositories through `apt-get update` for more',
    cause,
  );
}

function findMissingRelease(report: AptReport): PasekaError | undefined {
  for (const message of report.messages) {
    const match =
      /^The repository '(\S+) (\S+) Release' (?:does not|no longer|does no longer) have a Release file/.exec(
        message,
      );
    if (match === null) continue;
    const [, uri = '', suite = ''] = match;
    const reason = report.releaseFailures.get(`${uri} ${suite} Release`) ?? '';
    if (!/\b(404|410)\b|No such file|not found/i.test(reason) && reason !== '') {
      return new PasekaError(
        'mirror-unreachable',
        `${uri} gives no release file of ${suite}: ${reason}`,
        'check the address, the network and the proxy settings (Acquire::http::Proxy), or take another mirror',
      );
    }
    return new PasekaError(
      'unknown-suite',
      `${uri} has no release file of ${suite}${reason === '' ? '' : ` (${reason})`}`,
      suite.endsWith('/')
        ? 'check the path; only `Trusted: yes` takes a repository that has no release file'
        : didYouMean(
            nearestNames(suite, knownSuites),
            'check the spelling of the suite (`bookworm`, `trixie`, `sid`, ...) and the address of the mirror',
          ),
    );
  }
  return undefined;
}
