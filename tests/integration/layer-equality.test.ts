// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { engineTests } from '../support/engine-tests.ts';
import { pasekaJson } from '../support/paseka.ts';

/** Real sets of every sort, by what makes each of them worth a look. */
const sets: readonly (readonly [why: string, ...packages: string[]])[] = [
  ['perl', 'debhelper', 'libmoo-perl', 'libxml-parser-perl'],
  ['python', 'python3-requests', 'python3-setuptools', 'cython3'],
  ['C, with triggers and schemas', 'libglib2.0-dev', 'libxml2-dev'],
  ['Qt, fonts, types of files', 'qtbase5-dev'],
  ['java, with a key store and many alternatives', 'default-jre-headless'],
  ['ruby', 'ruby-rack', 'ruby-dev'],
  ['diversions', 'molly-guard', 'safe-rm'],
  ['users, groups, keys, a database of aliases', 'postfix', 'dbus', 'openssh-server'],
  ['users made before others are unpacked', 'systemd', 'cron'],
  ['preinst scripts and configuration of modules', 'php-cli', 'php-xml'],
  ['TeX, with formats, fonts and lists of files', 'texlive-base', 'tex-gyre'],
  ['SGML and XML catalogues', 'docbook-xsl', 'docbook-xml', 'sgml-base'],
];

engineTests('layers of the real archive', (engine) => {
  test.each(sets)('%s: what is linked is what apt installs', async (_why, ...packages) => {
    const { stateDirectory, suite } = engine.distribution.archive;
    const compared = await pasekaJson<{ equal: boolean; made: string; differences: unknown[] }>(
      ['layer', 'compare', '--suite', suite, ...packages.flatMap((name) => ['--package', name])],
      0,
      { state: stateDirectory },
    );
    expect(compared).toMatchObject({ equal: true, made: 'linked', differences: [] });
  });
});
