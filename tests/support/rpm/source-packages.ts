// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import type { DebianFiles } from './debian-files.ts';
import { distributionEpoch, type RpmBuilder } from './rpmbuild.ts';

/** Spec files around upstream's releases: the name of the spec, and of the source in Debian. */
const upstream: Readonly<Record<string, string>> = {
  hello: 'hello',
  jq: 'jq',
  lua: 'lua5.4',
  'lua-lpeg': 'lua-lpeg',
  'perl-Text-CSV': 'libtext-csv-perl',
  tree: 'tree',
};

const specDirectory = join(import.meta.dirname, 'specs');

/**
 * Packs the spec files of `specs/` as source packages. Gives the names of those
 * whose release the mirror does not have any more, which are left out.
 */
export async function buildSourcePackages(
  debian: DebianFiles,
  builder: RpmBuilder,
  scratchDirectory: string,
): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const file of (await fs.readdir(specDirectory)).toSorted()) {
    const name = file.replace(/\.spec$/, '');
    const debianName = upstream[name];
    const place = join(scratchDirectory, `source-${name}`);
    await fs.mkdir(place);
    let text = await fs.readFile(join(specDirectory, file), 'utf8');
    if (debianName !== undefined) {
      const archive = await debian.upstream(debianName);
      if (archive === undefined) {
        missing.push(name);
        continue;
      }
      const copy = join(place, archive.fileName);
      await fs.copyFile(archive.path, copy);
      await settle(copy);
      text = text.replaceAll('@VERSION@', archive.version).replaceAll('@ARCHIVE@', archive.fileName);
    }
    const spec = join(place, file);
    await fs.writeFile(spec, text);
    await settle(spec);
    await builder.buildSource(spec, place);
  }
  return missing;
}

/** Times and modes of a package's sources are in its header. */
async function settle(path: string): Promise<void> {
  await fs.chmod(path, 0o644);
  await fs.utimes(path, distributionEpoch, distributionEpoch);
}
