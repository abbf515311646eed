// SPDX-License-Identifier: GPL-2.0-or-later
import type { DigestAlgorithm } from '../../../base/digest.ts';

/** A file that a release file vouches for. */
export interface ReleasedFile {
  readonly bytes: number;
  /** By algorithm, in lower-case hexadecimal digits. */
  readonly digests: Readonly<Partial<Record<DigestAlgorithm, string>>>;
}

/** What `base/release` says of a repository of apt-rpm. */
export interface AptRpmRelease {
  /** Fields of one line by their names in lower case: `origin`, `suite`, `codename`, `date`, `components`. */
  readonly fields: ReadonlyMap<string, string>;
  readonly components: readonly string[];
  /** By path, relative to the directory that has `base/`: `base/pkglist.classic.xz`. */
  readonly files: ReadonlyMap<string, ReleasedFile>;
}

/** Sections of digests by their names in lower case, and how many digits each has. */
const sections: Readonly<Record<string, readonly [DigestAlgorithm, number]>> = {
  md5sum: ['md5', 32],
  sha1: ['sha1', 40],
  sha256: ['sha256', 64],
  blake2b: ['blake2b512', 128],
};

const signatureStart = '-----BEGIN PGP SIGNATURE-----';

/**
 * Divides a release file at the signature that genbasedir writes behind it: a detached one of exactly the text before. Without
 * a signature, that is undefined.
 */
export function splitRelease(text: string): {
  readonly signed: string;
  readonly signature: string | undefined;
} {
  const at = text.startsWith(signatureStart) ? 0 : text.indexOf(`\n${signatureStart}`) + 1;
  if (at === 0 && !text.startsWith(signatureStart)) return { signed: text, signature: undefined };
  return { signed: text.slice(0, at), signature: text.slice(at) };
}

/** Parses a release file up to its first empty line; lines that say nothing known are passed over. */
export function parseAptRpmRelease(text: string): AptRpmRelease {
  const fields = new Map<string, string>();
  const files = new Map<string, ReleasedFile>();
  let section: readonly [DigestAlgorithm, number] | undefined;
  for (const line of text.split('\n')) {
    if (line.trim() === '') break;
    const [, name, value = ''] = /^([A-Za-z0-9-]+):[ \t]*(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      section = sections[name.toLowerCase()];
      if (section === undefined) fields.set(name.toLowerCase(), value.trim());
      continue;
    }
    if (section === undefined || !/^[ \t]/.test(line)) continue;
    const [algorithm, digits] = section;
    const [digest = '', bytes = '', path] = line.trim().split(/\s+/);
    if (path === undefined || digest.length !== digits || !/^[0-9a-fA-F]+$/.test(digest)) continue;
    if (!/^\d{1,15}$/.test(bytes)) continue;
    files.set(path, {
      bytes: Number(bytes),
      digests: { ...files.get(path)?.digests, [algorithm]: digest.toLowerCase() },
    });
  }
  const components = (fields.get('components') ?? '').split(/\s+/).filter((word) => word !== '');
  return { fields, components, files };
}

/** Writes one: fields in their order, then the digests of all files, and the empty line that a signature comes after. */
export function formatAptRpmRelease(
  fields: Readonly<Record<string, string>>,
  files: ReadonlyMap<string, ReleasedFile>,
): string {
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value.replaceAll(/\s+/g, ' ')}`);
  for (const [name, algorithm] of [
    ['MD5Sum', 'md5'],
    ['BLAKE2b', 'blake2b512'],
  ] as const) {
    lines.push(`${name}:`);
    for (const [path, { bytes, digests }] of files) {
      const digest = digests[algorithm];
      if (digest !== undefined) lines.push(` ${digest} ${bytes} ${path}`);
    }
  }
  return `${lines.join('\n')}\n\n`;
}
