// SPDX-License-Identifier: GPL-2.0-or-later
import { combBinaries, combSources } from './comb-packages.ts';
import { directoryBinaries, oddBinaries, reservingBinaries, userBinaries } from './odd-packages.ts';
import type { SmallBinary, SmallSource } from './small-packages.ts';

/** Packages of the real archive that the distribution has besides its base, with all that they need. */
export const furtherPackages: readonly string[] = ['libcap2-bin'];

/** Binary packages of the distribution besides its base. */
export const testBinaries: readonly SmallBinary[] = [
  {
    name: 'hive-tool',
    files: { '/usr/bin/hive-tool': '#!/bin/sh\necho "the hive tool"\n' },
    executables: ['/usr/bin/hive-tool'],
    fields: { Depends: 'hive-data (>= 1.0)' },
  },
  { name: 'hive-data' },
  { name: 'hive-data', version: '0.9' },
  { name: 'needs-nothing-there', fields: { Depends: 'nowhere-to-be-found (>= 2)' } },
  { name: 'service', scripts: { postinst: '#!/bin/sh\nset -e\ntouch /var/lib/service-state\n' } },
  { name: 'bad-installation', scripts: { postinst: '#!/bin/sh\necho "no honey left" >&2\nexit 7\n' } },
  ...combBinaries,
  ...oddBinaries,
  ...userBinaries,
  ...directoryBinaries,
  ...reservingBinaries,
];

/** Sources of the distribution. What only one test needs, that test makes itself. */
export const testSources: readonly SmallSource[] = [
  { name: 'alpha', version: '1.0' },
  { name: 'alpha', version: '1.1', buildDepends: 'hive-tool' },
  {
    name: 'beta',
    version: '1:2.0+3',
    buildDepends: 'hive-data',
    binaries: { 'libbeta-data': {}, beta: { Depends: 'libbeta-data (= ${binary:Version}), hive-tool' } },
  },
  { name: 'gamma', version: '0.1~rc1' },
  { name: 'unsatisfiable', buildDepends: 'needs-nothing-there, hive-data' },
  { name: 'unknown-dependency', buildDepends: 'hive-dada' },
  { name: 'bad-dependency', buildDepends: 'bad-installation' },
  ...combSources,
  // publishTestRepository() takes a file of the first away and spoils one of the second
  { name: 'vanished' },
  { name: 'spoilt' },
];
