// SPDX-License-Identifier: GPL-2.0-or-later
import { fieldRows, parseDeb822 } from './deb822.ts';

/** What a Release or InRelease file says about its repository; empty strings for fields that it lacks. */
export interface ReleaseFile {
  readonly origin: string;
  readonly label: string;
  /** `Suite`, such as `stable`. */
  readonly archive: string;
  readonly codename: string;
  readonly version: string;
  /** `Date` as ISO 8601; empty where it can't be read. */
  readonly date: string;
  readonly architectures: readonly string[];
  readonly components: readonly string[];
  readonly notAutomatic: boolean;
  readonly butAutomaticUpgrades: boolean;
  /** The files that it vouches for, relative to it. */
  readonly files: ReadonlySet<string>;
}

/** Parses a release file (its signature is not looked at). A repository without one has the empty text. */
export function parseReleaseFile(text: string): ReleaseFile {
  const fields = parseDeb822(text)[0] ?? new Map<string, string>();
  const field = (name: string): string => fields.get(name) ?? '';
  const words = (name: string): string[] =>
    field(name)
      .split(/\s+/)
      .filter((word) => word !== '');
  return {
    origin: field('origin'),
    label: field('label'),
    archive: field('suite'),
    codename: field('codename'),
    version: field('version'),
    date: isoDate(field('date')),
    architectures: words('architectures'),
    components: words('components'),
    notAutomatic: field('notautomatic').toLowerCase() === 'yes',
    butAutomaticUpgrades: field('butautomaticupgrades').toLowerCase() === 'yes',
    files: new Set(
      ['sha256', 'sha512'].flatMap((name) => fieldRows(fields, name).map((row) => row[2] ?? '')),
    ),
  };
}

function isoDate(text: string): string {
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? '' : new Date(milliseconds).toISOString();
}
