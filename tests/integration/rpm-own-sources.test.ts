// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuilding, requires } from '../support/capabilities.ts';
import { pasekaJson } from '../support/paseka.ts';
import { rebuild, type TaskDocument, taskOf } from '../support/rebuild-document.ts';
import { buildPackageOfFiles } from '../support/rpm/package-of-files.ts';
import { rpmDistribution } from '../support/rpm/rpm-distribution.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

/** Lets the rpm of the tests' distribution take `BuildRequires(pre)`, as ALT's does. */
const rpmbuildOfAlt = `#!/bin/sh
sed -i 's/^BuildRequires(pre):/BuildRequires:/' SPECS/*.spec
exec /usr/bin/rpmbuild "$@"
`;

requires(...rebuilding, 'userns')('sources of RPM packages that are no source packages yet', () => {
  let place: TemporaryDirectory;
  let from: readonly string[];
  let state: string;

  const path = (name: string): string => join(place.path, name);
  const logOf = ({ log }: TaskDocument): string => readFileSync(log ?? '', 'utf8');

  /** A source in a directory that packs its file NAME.txt, from lines of its spec file's head. */
  async function writeSource(name: string, head: readonly string[], build = ''): Promise<string> {
    const files = {
      [`${name}.spec`]: [
        ...[`Name: ${name}`, 'Version: 1.0', 'Release: alt1', 'Summary: Something', 'License: MIT'],
        ...['BuildArch: noarch', ...head, '%description', 'It is something.', '%build', build],
        ...['%install', 'install -D -m 644 -t %buildroot%_datadir/%name %_sourcedir/%name.txt'],
        ...['%files', '%_datadir/%name', ''],
      ].join('\n'),
      [`${name}.txt`]: `${name}\n`,
    };
    for (const [file, text] of Object.entries(files)) {
      await fs.mkdir(dirname(path(`${name}/${file}`)), { recursive: true });
      await fs.writeFile(path(`${name}/${file}`), text);
    }
    return path(name);
  }

  /** The same as gear packs it. */
  async function pack(directory: string, name: string, file: string): Promise<string> {
    const what = ['--auto-compress', '--file', path(file), '--label', `${name}.spec`];
    const members = (await fs.readdir(directory)).toSorted();
    await runTool(['tar', '--create', ...what, '--directory', directory, '--', ...members]);
    return path(file);
  }

  beforeAll(async () => {
    from = ['--sources', (await rpmDistribution()).repoFile];
    place = await makeTemporaryDirectory('own-sources-');
    state = path('state');
    await fs.mkdir(path('with'));
    const packages = [
      { name: 'flower', files: { '/usr/share/flower': 'clover\n' } },
      {
        name: 'rpm-macros-meadow',
        files: {
          '/etc/rpm/macros.meadow': '%meadow_requires BuildRequires: flower\n',
          '/usr/local/bin/rpmbuild': rpmbuildOfAlt,
        },
      },
    ];
    for (const one of packages) await buildPackageOfFiles(one, path('with'));
    from = [...from, '--with', path('with')];
  });
  afterAll(() => place[Symbol.asyncDispose]());

  test('what a spec file needs to be read is installed first, and then what it asks for', async () => {
    const head = ['BuildRequires(pre): rpm-macros-meadow', '%meadow_requires'];
    const directory = await writeSource('nectar', head, 'cat /usr/share/flower');
    const packed = await pack(
      await writeSource('pollen', head, 'cat /usr/share/flower'),
      'pollen',
      'pollen.tar',
    );
    const there = await writeSource('wax', ['BuildRequires(pre): bash', 'BuildRequires: flower']);
    const lost = await writeSource('lost', ['BuildRequires(pre): rpm-macros-nowhere', '%nowhere']);
    const { document } = await rebuild([directory, packed, there, lost, ...from], 1, { state });
    for (const name of ['nectar', 'pollen']) {
      const task = taskOf(document, name);
      expect(task.outcome, logOf(task)).toBe('built');
      expect(logOf(task).match(/it needs more: .*/g)).toEqual(['it needs more: flower']);
    }
    expect(await pasekaJson(['resolve', directory, ...from], 0, { state })).toMatchObject({
      packages: [{ name: 'rpm-macros-meadow' }],
      isFirstRound: true,
    });
    expect(taskOf(document, 'lost')).toMatchObject({
      outcome: 'dependencies-unsatisfiable',
      explanation: 'the source needs rpm-macros-nowhere, which nothing provides',
    });
    // an rpm that does not know the tag says so itself, of a spec file that it could read at once
    expect(taskOf(document, 'wax')).toMatchObject({
      outcome: 'failed',
      stage: 'resolve',
      reason: expect.stringMatching(/^wax\.spec: line \d+: Unknown tag: BuildRequires\(pre\): bash$/),
    });
  });
});
