// SPDX-License-Identifier: GPL-2.0-or-later
/** Sources of bookworm whose builds take few seconds: what a builder's own overhead shows most at. */
export const lightSources: readonly string[] = [
  ...['tree', 'hostname', 'libalgorithm-c3-perl', 'libb-hooks-endofscope-perl', 'libcarp-clan-perl'],
  ...['libclass-c3-perl', 'libclass-inspector-perl', 'libclass-method-modifiers-perl', 'libclone-perl'],
  ...['libdevel-globaldestruction-perl', 'libencode-locale-perl', 'liberror-perl', 'libexporter-tiny-perl'],
  ...['libfile-slurp-perl', 'libhtml-tagset-perl', 'libhttp-cookies-perl', 'libhttp-date-perl'],
  ...['libhttp-message-perl', 'libhttp-negotiate-perl', 'libio-html-perl', 'libio-string-perl'],
  ...['liblwp-mediatypes-perl', 'libmodule-implementation-perl', 'libmodule-runtime-perl', 'libmoo-perl'],
  ...['libmro-compat-perl', 'libnamespace-clean-perl', 'libnet-http-perl', 'libparams-util-perl'],
  ...[
    'libreadonly-perl',
    'librole-tiny-perl',
    'libstring-crc32-perl',
    'libsub-name-perl',
    'libtest-deep-perl',
  ],
  ...['libtest-exception-perl', 'libtest-needs-perl', 'libtest-requires-perl', 'libtest-warn-perl'],
  ...['libtry-tiny-perl', 'libyaml-perl'],
];
