// SPDX-License-Identifier: GPL-2.0-or-later
import type { SmallBinary, SmallSource } from './small-packages.ts';

/** A C library of one header, for trials of another version of it. */
export function combLibrary(version: string, functions: readonly string[], more: object = {}): SmallBinary {
  const text = functions.map((name) => `static inline int ${name}(void) { return 6; }\n`).join('');
  return { name: 'libcomb-dev', version, files: { '/usr/include/comb.h': text }, fields: { ...more } };
}

/** The library of the distribution, and what one of its users needs besides. */
export const combBinaries: readonly SmallBinary[] = [
  combLibrary('1.0', ['comb_cells', 'comb_wax']),
  { name: 'wax' },
];

/** A source that is built by compiling and running a program that calls a function of the library. */
export function usingComb(name: string, call: string, buildDepends = 'libcomb-dev'): SmallSource {
  const program = `#include <comb.h>\nint main(void) { return ${call} != 6; }\n`;
  return {
    name,
    buildDepends,
    files: { 'program.c': program },
    rules: `#!/usr/bin/make -f
build:
	cc -Wall -Werror -o program program.c
	./program
clean:
binary: build
	mkdir -p debian/tmp/DEBIAN debian/tmp/usr/share/doc/${name}
	cp program.c debian/tmp/usr/share/doc/${name}/
	dpkg-gencontrol -p${name} -Pdebian/tmp
	dpkg-deb --root-owner-group --build debian/tmp ..
`,
  };
}

/** Users of the library: one uses what stays, one what may go, one is broken anyhow, one waits for what is to come. */
export const combSources: readonly SmallSource[] = [
  usingComb('comb-counter', 'comb_cells()'),
  usingComb('comb-melter', 'comb_wax()'),
  usingComb('comb-ruin', 'comb_never_was()'),
  usingComb('comb-brood', 'comb_brood()'),
  usingComb('comb-waxer', 'comb_cells()', 'libcomb-dev, wax'),
];
