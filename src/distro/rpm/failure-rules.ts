// SPDX-License-Identifier: GPL-2.0-or-later
import { archiveFailureRules } from '../archive-failure-rules.ts';
import { type BuildStep, type FailureKnowledge, rulesOf } from '../failure-rule.ts';

/** How builds fail that rpmbuild drives, and what rpm says of packages that can't be installed (rpm 4.14 to 4.20). */
export const rpmFailures: FailureKnowledge = {
  stepOf,
  stepWords: ['Executing(%', 'Processing files: '],
  rules: [
    ...rulesOf('missing-dependency', 'certain', [
      ['unmet-dependencies', [' is needed by '], /^\s+(?<what>\S.*) is needed by (?:\(installed\) )?\S+$/],
    ]),
    ...archiveFailureRules,
    ...rulesOf('unpack', 'certain', [
      ['bad-source-package', ['error: Bad '], /^error: Bad (?:source|file): \S*\/(?<what>\S+: .*)/],
      [
        'bad-source-package',
        ['error: '],
        /^error: (?:(?:\S*\/)?(?<what>\S+): )?(?:not an rpm package|rpmReadSignature failed|.* cannot be installed|unpacking of archive failed).*/,
      ],
    ]),
    ...rulesOf('build-system', 'certain', [
      ['packaging-syntax', ['error: '], /^error: (?:\S+: )?line \d+: (?<what>.*)/],
      [
        'packaging-syntax',
        ['error: '],
        /^error: (?<what>(?:Unterminated|Unclosed|lua script failed|Unknown tag|Macro %\S+|No %prep|Name field must|Package has no).*)/,
      ],
    ]),
    ...rulesOf('install', 'certain', [
      [
        'missing-file',
        ['not found'],
        /^error: (?:File|Directory) not found(?: by glob)?: (?:\S*\/BUILDROOT\/[^/]+)?(?<what>\S+)/,
      ],
      // no debug information where there should be some, or a list of translations without any
      ['empty-file-list', ['Empty %files file'], /^error: Empty %files file \S*\/(?<what>[^/]+)$/],
      [
        'unpackaged-file',
        ['/'],
        /^ {3}(?<what>\/\S+)$/,
        /(?:^|\n)(?:error: )?Installed \(but unpackaged\) file\(s\) found:$/,
      ],
      [
        'build-directory-in-file',
        [' in installed files; aborting'],
        /^Found '.*' in installed files; aborting$/,
      ],
      [
        'bad-rpath',
        ['invalid rpath', 'invalid runpath'],
        /^ERROR\s+\d+: file '(?<what>[^']+)' contains an invalid/,
      ],
      [
        'build-id',
        ['build ID', 'build-id'],
        /^(?:\*\*\* )?(?:ERROR|error): (?:No build ID note|Missing build-id).* (?<what>\S+)$/,
      ],
      [
        'architecture-in-noarch',
        ['Arch dependent binaries'],
        /^error: (?<what>Arch dependent binaries in noarch package)/,
      ],
      [
        'file-conflict',
        [' conflicts '],
        /^\s*file (?<what>\S+) (?:from install of \S+ )?conflicts (?:with file|between attempted)/,
      ],
    ]),
    ...rulesOf('maintainer-script', 'certain', [
      // What the script said itself, if it said something.
      [
        'maintainer-script',
        [' scriptlet failed, '],
        /^(?:error|warning): %\S+\(.*\) scriptlet failed, /,
        /^(?!(?:error|warning): |\+ )(?<what>\S.*)$/,
      ],
      [
        'maintainer-script',
        [' scriptlet failed, '],
        /^(?:error|warning): (?<what>%\w+)\(.*\) scriptlet failed, /,
      ],
    ]),
    ...rulesOf('of-step', 'trace', [
      ['rpmbuild', ['Bad exit status'], /^(?:error:|\s+) ?Bad exit status from /],
    ]),
  ],
};

const steps: Readonly<Record<string, BuildStep | 'other'>> = {
  prep: 'unpack',
  generate_buildrequires: 'configure',
  conf: 'configure',
  build: 'build',
  check: 'test',
  install: 'install',
};

/** rpmbuild names each script of the spec file when it begins; packing begins with the first package's files. */
function stepOf(line: string): BuildStep | 'other' | undefined {
  const [, script] = /^Executing\(%(\w+)\): /.exec(line) ?? [];
  // a part of packing, and where a file is missing it goes on
  if (script === 'doc' || script === 'license') return undefined;
  if (script !== undefined) return steps[script] ?? 'other';
  return line.startsWith('Processing files: ') ? 'install' : undefined;
}
