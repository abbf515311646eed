// SPDX-License-Identifier: GPL-2.0-or-later
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../run-tool.ts';

/** What all times in the distribution are, or are not after: seconds since the epoch. */
export const distributionEpoch = 1_735_689_600;

/** The tag in the releases of what is built for the distribution. */
export const distributionTag = '.meadow';

/** The only place for libraries where Debian's dynamic linker looks. */
export const libraryDirectory = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;

/** A place for rpmbuild, below a directory of the caller's. */
export interface RpmBuilder {
  /** Where binary packages come to be. */
  readonly packages: string;
  /** Where source packages come to be. */
  readonly sources: string;
  /** Builds the binary packages of a spec file that needs no sources. */
  buildBinary(spec: string): Promise<void>;
  /** Packs a spec file and sources from `sourceDirectory`. */
  buildSource(spec: string, sourceDirectory: string): Promise<void>;
}

/** Makes one, which gives the same bytes for the same content wherever and whenever it runs. */
export async function makeRpmBuilder(directory: string): Promise<RpmBuilder> {
  const top = join(directory, 'rpmbuild');
  for (const name of ['BUILD', 'BUILDROOT', 'RPMS', 'SOURCES', 'SPECS', 'SRPMS', 'tmp', 'home']) {
    await fs.mkdir(join(top, name), { recursive: true }); // or two of them fall over each other
  }
  const macros = {
    _topdir: top,
    _tmppath: join(top, 'tmp'),
    _rpmfilename: '%%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
    _buildhost: 'meadow',
    _binary_payload: 'w3.zstdio',
    _source_payload: 'w3.zstdio',
    use_source_date_epoch_as_buildtime: '1',
    build_mtime_policy: 'clamp_to_source_date_epoch', // rpm 4.20 and later
    clamp_mtime_to_source_date_epoch: '1', // before
    dist: distributionTag,
    // where the generator of dependencies looks for pkg-config's files
    _libdir: libraryDirectory,
  };
  const definitions = (more: Readonly<Record<string, string>>): string[] =>
    Object.entries({ ...macros, ...more }).flatMap(([name, value]) => ['--define', `${name} ${value}`]);
  const environment = { HOME: join(top, 'home'), SOURCE_DATE_EPOCH: String(distributionEpoch) };
  const run = async (
    action: string,
    spec: string,
    workingDirectory: string,
    more: Readonly<Record<string, string>>,
  ): Promise<void> => {
    const command = ['rpmbuild', action, '--quiet', '--nodeps', ...definitions(more), spec] as const;
    await runTool(command, { environment, workingDirectory });
  };
  // a source package has its spec file with all macros expanded: no path of this machine may be among them
  const here = { _topdir: '.', _sourcedir: '.', _srcrpmdir: join(top, 'SRPMS') };
  return {
    packages: join(top, 'RPMS'),
    sources: join(top, 'SRPMS'),
    buildBinary: (spec) => run('-bb', spec, top, {}),
    buildSource: (spec, sourceDirectory) => run('-bs', spec, sourceDirectory, here),
  };
}
