// SPDX-License-Identifier: GPL-2.0-or-later
import { archiveFailureRules } from '../archive-failure-rules.ts';
import { type BuildStep, type FailureKnowledge, rulesOf } from '../failure-rule.ts';

/** How builds fail that dpkg-buildpackage and debhelper drive (dpkg 1.21 to 1.23, debhelper 13). */
export const debianFailures: FailureKnowledge = {
  stepOf,
  stepWords: ['dh_', 'debian/rules '],
  rules: [
    ...rulesOf('missing-dependency', 'certain', [
      [
        'unmet-build-dependencies',
        ['dpkg-checkbuilddeps: error'],
        /^dpkg-checkbuilddeps: error: .*: (?<what>.*)/,
      ],
      [
        'missing-debhelper-add-on',
        ['unable to load addon'],
        /^dh: error: unable to load addon (?<what>[^:]+)/,
      ],
    ]),
    ...rulesOf('patch', 'certain', [
      [
        'patch-malformed',
        ['dpkg-source: error: '],
        /^dpkg-source: error: (?<what>expected \^---|diff .* patches file multiple|.* patch .* is not a valid)/,
      ],
    ]),
    ...rulesOf('unpack', 'certain', [
      [
        'bad-source-package',
        ['dpkg-source: error: '],
        /^dpkg-source: error: (?<what>(?!LC_ALL=C patch |.* subprocess returned ).*)/,
      ],
    ]),
    ...archiveFailureRules,
    ...rulesOf('patch', 'hint', [
      [
        'patch-unapplied',
        ['dpkg-source: error: LC_ALL=C patch'],
        /^dpkg-source: error: LC_ALL=C patch .* < \S*\/(?<what>\S+)/,
      ],
    ]),
    ...rulesOf('symbols', 'certain', [
      [
        'symbols-gone',
        ['some symbols or patterns disappeared'],
        /^dpkg-gensymbols: \w+: (?<what>some symbols or patterns disappeared)/,
      ],
      [
        'symbols-new',
        ['some new symbols appeared'],
        /^dpkg-gensymbols: error: (?<what>some new symbols appeared)/,
      ],
      [
        'library-of-no-package',
        ['dpkg-shlibdeps: error: '],
        /^dpkg-shlibdeps: error: (?:cannot find library|no dependency information found for) (?<what>\S+)/,
      ],
      [
        'symbols-error',
        ['dpkg-gensymbols: error: ', 'dpkg-shlibdeps: error: '],
        /^dpkg-(?:gensymbols|shlibdeps): error: (?<what>.*)/,
      ],
    ]),
    ...rulesOf('install', 'certain', [
      [
        'missing-file',
        ['Cannot find (any matches for)'],
        /^dh_\w+: \w+: Cannot find \(any matches for\) "(?<what>[^"]+)"/,
      ],
      [
        'file-of-no-package',
        [' but is not installed to anywhere'],
        /^dh_missing: \w+: (?<what>\S+) exists in \S+ but is not installed to anywhere/,
      ],
      ['file-conflict', ['trying to overwrite '], /trying to overwrite '(?<what>[^']+)'/],
    ]),
    ...rulesOf('install', 'likely', [
      [
        'file-in-usr-local',
        ['dh_usrlocal: error', '/usr/local'],
        /^(?:dh_usrlocal: error: (?<what>.*)|rmdir: failed to remove '.*\/(?<what2>usr\/local\S*)')/,
      ],
      [
        'missing-file',
        ['dh_'],
        /^dh_(?!auto_)\w+: error: (?<what>missing files, aborting|.*[Nn]o such file.*)/,
      ],
    ]),
    ...rulesOf('build-system', 'certain', [
      [
        'debhelper-level',
        ['ompatibility level', 'ompat level'],
        /^dh\w*: error: (?<what>.*[Cc]ompat\w* level.*)/,
      ],
      [
        'packaging-syntax',
        ['error: '],
        /^(?:dpkg-(?:gencontrol|buildpackage|genchanges|genbuildinfo|parsechangelog|architecture): error|dh\w*: error): (?<what>.*(?:syntax error|parsing|parse|illegal|duplicate|malformed|not recognised|unknown (?:option|sequence)).*)/,
      ],
    ]),
    ...rulesOf('build-system', 'hint', [
      ['debhelper-error', ['error: '], /^dh(?:_(?!auto_)\w+)?: error: (?<what>(?!.*returned exit code).*)/],
      [
        'packaging-error',
        ['error: '],
        /^dpkg-(?:gencontrol|genchanges|genbuildinfo|parsechangelog|deb): error: (?<what>.*)/,
      ],
    ]),
    ...rulesOf('maintainer-script', 'certain', [
      // What the script said itself, if it said something.
      [
        'maintainer-script',
        ['dpkg: error processing'],
        /^ (?:installed|new|old) \S+ package [\w-]+ script subprocess .*(?:error|failed|signal)/,
        /^(?!(?:Setting up|Unpacking|Removing|Purging|Preparing|Selecting|Processing|\(Reading) )(?<what>\S.*)\ndpkg: error processing/,
      ],
      [
        'maintainer-script',
        [' script subprocess '],
        /^ (?:installed|new|old) \S+ package (?<what>[\w-]+ script) subprocess .*(?:error|failed|signal)/,
      ],
    ]),
    ...rulesOf('of-step', 'trace', [
      ['debhelper', ['returned exit code'], /^dh_\w+: error: .* returned exit code/],
      ['dpkg-buildpackage', ['dpkg-buildpackage: error: '], /^dpkg-buildpackage: error: /],
    ]),
  ],
};

const steps: Readonly<Record<string, BuildStep>> = {
  dh_auto_clean: 'configure',
  dh_autoreconf: 'configure',
  dh_auto_configure: 'configure',
  dh_auto_build: 'build',
  dh_auto_test: 'test',
};

/** debhelper names each of its commands when it begins; calls in a rule of its own are named by make. */
function stepOf(line: string): BuildStep | 'other' | undefined {
  const found =
    /^(?: {3}|\t)?(?:debian\/rules )?(?:(?:override|execute_before|execute_after)_)?(dh_[a-z_]+)(?:-arch|-indep)?(?:\s|$)/.exec(
      line,
    );
  if (found !== null) return steps[found[1] ?? ''] ?? 'install';
  return /^(?: {3}| )debian\/rules \w/.test(line) ? 'other' : undefined;
}
