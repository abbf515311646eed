// SPDX-License-Identifier: GPL-2.0-or-later
import { type FailureRule, rulesOf } from '../../../distro/failure-rule.ts';

const tools =
  '(?:sphinx-build|sphinx-apidoc|doxygen|help2man|pandoc|asciidoctor|asciidoc|a2x|xmlto|makeinfo|texi2any|texi2dvi|texi2pdf|pod2man|pod2html|pod2usage|rst2man(?:\\.py)?|rst2html(?:\\.py)?|txt2man|txt2tags|ronn|go-md2man|md2man-roff|scdoc|gtkdocize|gtkdoc-\\w+|docbook2\\w+|docbook-to-man|db2x_\\w+|lualatex|xelatex|pdflatex|latex|latexmk|dvips|dot|groff|mkdocs|markdown|ldoc|valadoc|javadoc|yard|rdoc|hevea|fig2dev)';

/** Programs that make manuals: not there, or not content with what they get. */
export const documentationRules: readonly FailureRule[] = [
  ...rulesOf('documentation', 'certain', [
    [
      'missing-documentation-tool',
      ['not found'],
      new RegExp(`(?:^|[ /])(?<what>${tools}): (?:command )?not found`),
    ],
    [
      'missing-documentation-tool',
      ['No such file or directory'],
      new RegExp(`^(?:make(?:\\[\\d+\\])?|env): ['‘]?(?<what>${tools})['’]?: No such file or directory`),
    ],
    [
      'missing-documentation-tool',
      ['missing on your system'],
      new RegExp(`'(?<what>${tools})' is (?:needed, and is )?missing on your system`),
    ],
    [
      'missing-documentation-tool',
      ['command was not found'],
      /The '(?<what>sphinx-build)' command was not found/,
    ],
    ['missing-documentation-tool', ['No module named'], /No module named '?(?<what>sphinx)\b/],
    [
      'sphinx-warning',
      ['treated as error'],
      /^Warning, treated as error:|(?<what>[Ww]arnings? treated as error)/,
    ],
    [
      'sphinx-error',
      ['Sphinx error', 'Extension error', 'Theme error', 'Configuration error'],
      /^(?<what>Sphinx error|Extension error|Theme error|Configuration error)\b/,
    ],
    ['help2man', ['help2man: '], /^help2man: (?<what>.*)/],
    [
      'latex',
      ['! '],
      /^! (?<what>(?:LaTeX|Package \S+|TeX|Undefined control|Emergency|Missing|Paragraph ended).*)/,
    ],
    ['texinfo', ['.texi'], /^\S+\.(?:texi|texinfo|txi):\d+: (?!warning)(?<what>.*)/],
    [
      'doxygen',
      ['error: '],
      /^(?:error|\S+:\d+: error): (?<what>.*(?:[Dd]oxy|tag file|configuration file).*)/,
    ],
    [
      'xml',
      ['xmlto: ', 'parser error'],
      /^(?:xmlto: (?<what>.*not validate.*)|\S+:\d+: parser error : (?<what2>.*))/,
    ],
  ]),
];
