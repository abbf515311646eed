// SPDX-License-Identifier: GPL-2.0-or-later

/** What of a source its own messages may name. */
export interface NamedSource {
  readonly source: string;
  readonly version: string;
}

const longest = 200;

/**
 * Makes one failure of a kind comparable with those of other packages: `subject` without places, paths, the package's own
 * name and version, other versions, numbers, addresses and times. What is quoted stays: it is the header, symbol or module
 * that packages may have in common. Doing it twice changes nothing.
 */
export function fingerprintOf(kind: string, subject: string, named: NamedSource): string {
  const rest = normalise(subject, named);
  return rest === '' ? kind : `${kind}: ${rest}`;
}

/** The subject alone, as {@link fingerprintOf} has it. */
export function normalise(subject: string, { source, version }: NamedSource): string {
  const upstream = version.replace(/^\d+:/, '').replace(/-[^-]*$/, '');
  let text = subject.replaceAll(/[‘’“”`"]/g, "'");
  if (upstream !== '') text = text.replaceAll(upstream, 'N');
  text = text
    .replaceAll(/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?\S*)?/g, 'TIME')
    .replaceAll(/\b\d{1,2}:\d\d:\d\d(?:\.\d+)?\b/g, 'TIME')
    .replaceAll(/\b0x[0-9a-fA-F]+\b/g, 'ADDRESS')
    .replaceAll(/(?:\.{0,2}\/)+(?:[^\s/'():,]+\/)+/g, '')
    .replaceAll(/(^|[\s'(])[^\s:'()]+:\d+(?::\d+)?(?=[\s:,)]|$)/g, '$1PLACE')
    .replaceAll(/\bline \d+\b/g, 'line N')
    .replaceAll(/(?<![\w.])\d+(?:\.\d+)+(?:[-+~]\w+)*/g, 'N')
    .replaceAll(/(?<![\w.])\d+(?:\.\d+)?(?=(?:s|ms|m|kB|MB|GB|KiB|MiB|GiB|%)?(?:\W|$))/g, 'N');
  for (const name of ownNames(source)) {
    text = text.replaceAll(
      new RegExp(`(?<![A-Za-z0-9])${RegExp.escape(name)}(?![A-Za-z0-9])`, 'gi'),
      'PACKAGE',
    );
  }
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, longest);
}

/** A library's source `libfoo` speaks of itself as `foo` too; very short names are words. */
function ownNames(source: string): string[] {
  const bare = source
    .replace(/^(?:lib|python3?-|ruby-|node-|golang-|rust-|haskell-)/, '')
    .replace(/-perl$/, '');
  return [...new Set([source, bare])].filter((name) => name.length >= 3);
}
