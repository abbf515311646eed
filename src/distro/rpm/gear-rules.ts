// SPDX-License-Identifier: GPL-2.0-or-later

/** What gear's rules (gear-rules(5)) say of a repository, as far as it matters whether its directory can be built as it is. */
export interface GearRules {
  /** Path of the spec file below the directory, where they name one. */
  readonly spec: string | undefined;
  /** Whether gear makes files by them, such as a tar file of a part of the directory. */
  readonly makeFiles: boolean;
}

/** Directives that make files which are not there before: archives, packed copies, differences. */
const making = /^(?:tar|tar\.\w+|zip|diff|gzip|bzip2|xz|lzma|zstd)\??:/m;

/** Reads `.gear/rules`. */
export function readGearRules(text: string): GearRules {
  const path = /^spec:[ \t]*(\S+)[ \t]*$/m.exec(text)?.[1];
  const isOutside = path === undefined || path.startsWith('/') || path.split('/').includes('..');
  return { spec: isOutside ? undefined : path, makeFiles: making.test(text) };
}
