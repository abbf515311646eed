// SPDX-License-Identifier: GPL-2.0-or-later
/** Most characters of a reason: it stands beside a package's name in a table. */
const maxLength = 300;

/** Lines that only say that something failed before, passed on by make, debhelper and dpkg. */
const passedOn =
  /^(make(\[\d+\])?: (\*\*\*|Leaving|Entering)|dh_auto_\w+: error|dpkg-buildpackage: error|debian\/rules:|E: Build killed)/;

/** Lines that say what went wrong, best first. */
const decisive: readonly RegExp[] = [
  /No space left on device/,
  /dpkg-checkbuilddeps: error/,
  /\b(fatal )?error: /i,
  /undefined reference to|cannot find -l/,
  /^(FAIL|not ok|Failed)\b/,
  /\bError\b/,
  /dpkg-source: error/,
  /\*\*\* /,
];

/**
 * The line of a failed build's last output that says most: the first match of the most telling pattern, passed-on
 * failures last. For people; classes and fingerprints are not its business.
 */
export function failureReason(tail: string): string {
  const lines = tail
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const own = lines.filter((line) => !passedOn.test(line));
  for (const pattern of decisive) {
    const found = own.find((line) => pattern.test(line)) ?? lines.find((line) => pattern.test(line));
    if (found !== undefined) return found.slice(0, maxLength);
  }
  return (lines.at(-1) ?? 'no output').slice(0, maxLength);
}
