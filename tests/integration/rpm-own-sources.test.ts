// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync, readFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
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

/** A spec file of ALT's manners, which packs what is below its own directory of data. */
function specOf(
  name: string,
  {
    head,
    prep = '',
    build = '',
    install,
  }: { head: readonly string[]; prep?: string; build?: string; install: string },
): string {
  return [
    ...[`Name: ${name}`, 'Version: 1.0', 'Release: alt1', 'Summary: Something', 'License: MIT'],
    ...['BuildArch: noarch', ...head, '%description', 'It is something.', '%prep', prep, '%build', build],
    ...['%install', install, '%files', '%_datadir/%name', ''],
  ].join('\n');
}

requires(...rebuilding, 'userns')('sources of RPM packages that are no source packages yet', () => {
  let place: TemporaryDirectory;
  let from: readonly string[];
  let sources: string;
  let state: string;

  const path = (name: string): string => join(place.path, name);
  const logOf = ({ log }: TaskDocument): string => readFileSync(log ?? '', 'utf8');

  async function makeTree(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    for (const [file, text] of Object.entries(files)) {
      await fs.mkdir(dirname(path(`${name}/${file}`)), { recursive: true });
      await fs.writeFile(path(`${name}/${file}`), text);
    }
    return path(name);
  }

  /** A source in a directory that packs a file of it. */
  async function writeSource(name: string, head: readonly string[], build = ''): Promise<string> {
    const install = 'install -D -m 644 -t %buildroot%_datadir/%name %_sourcedir/%name.txt';
    const spec = specOf(name, { head: [...head, 'Source: %name.txt'], build, install });
    return makeTree(name, { [`${name}.spec`]: spec, [`${name}.txt`]: `${name}\n` });
  }

  /** The same as gear packs it. */
  async function pack(directory: string, name: string, file: string): Promise<string> {
    const what = ['--auto-compress', '--file', path(file), '--label', `${name}.spec`];
    const members = (await fs.readdir(directory)).toSorted();
    await runTool(['tar', '--create', ...what, '--directory', directory, '--', ...members]);
    return path(file);
  }

  beforeAll(async () => {
    const distribution = await rpmDistribution();
    ({ sources } = distribution);
    from = ['--sources', distribution.repoFile];
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

  test('what gear packs is built by the name of its file alone', async () => {
    const packed = [];
    for (const [name, file] of [
      ['comb', 'comb.tar'],
      ['candle', 'pkg.tar.xz'],
    ] as const) {
      const tree = await makeTree(`${name}-1.0`, { 'data/text': `of ${name}\n` });
      const tar = `${name}-1.0.tar`;
      const directory = await makeTree(`${name}-packed`, {
        [`${name}.spec`]: specOf(name, {
          head: ['BuildRequires(pre): rpm-macros-meadow', `Source: %name-%version.tar`],
          prep: '%setup -q',
          install: 'install -D -m 644 -t %buildroot%_datadir/%name data/text',
        }),
      });
      await runTool([
        'tar',
        '--create',
        '--file',
        join(directory, tar),
        `--directory=${place.path}`,
        basename(tree),
      ]);
      await pack(directory, name, file);
      packed.push(file);
    }
    const { document } = await rebuild([...packed, ...from], 0, { state, workingDirectory: place.path });
    expect(document.tasks.map(({ source, version }) => [source, version])).toEqual([
      ['comb', '1.0-alt1'],
      ['candle', '1.0-alt1'],
    ]);
    expect(document.tasks.flatMap(({ artifacts }) => artifacts.map(({ file }) => file))).toEqual([
      ...['comb-1.0-alt1.noarch.rpm', 'comb-1.0-alt1.src.rpm'],
      ...['candle-1.0-alt1.noarch.rpm', 'candle-1.0-alt1.src.rpm'],
    ]);
  });

  test('sources of the repository of results are what was given, and source packages of all else', async () => {
    const directory = await writeSource('royal-jelly', ['BuildRequires: flower']);
    const packed = await pack(await writeSource('propolis', []), 'propolis', 'propolis.tar.gz');
    const [given = ''] = globSync(join(sources, 'Packages/features-*.src.rpm'));
    const { document } = await rebuild([directory, packed, given, ...from], 0, { state });
    const results = path('results');
    await pasekaJson(['campaign', 'report', document.campaign.id, '--repository', results], 0, { state });
    const found = globSync('x86_64/SRPMS.paseka/*.rpm', { cwd: results });
    expect(found.map((file) => basename(file)).toSorted()).toEqual([
      basename(given),
      'propolis-1.0-alt1.src.rpm',
      'royal-jelly-1.0-alt1.src.rpm',
    ]);
    // what is in them is what was built, the same on another day
    const named = ['royal-jelly', 'propolis', 'features'];
    const again = await rebuild([...named, ...from, '--repo', results, '--no-reuse'], 0, { state });
    for (const name of named) {
      const binaries = (of: typeof document): string[] =>
        taskOf(of, name).artifacts.flatMap(({ file, sha256 }) => (file.endsWith('.src.rpm') ? [] : [sha256]));
      expect(binaries(again.document), name).toEqual(binaries(document));
    }
    const repeated = await rebuild([directory, packed, ...from, '--no-reuse'], 0, { state });
    for (const name of ['royal-jelly', 'propolis']) {
      expect(taskOf(repeated.document, name).artifacts).toEqual(taskOf(document, name).artifacts);
    }
  });

  test('what a build sees, and the dates of what it gives', async () => {
    const look = "echo '[[%_topdir]]'; env | sed 's/.*/[[&]]/'";
    const head = ['BuildRequires: bash'];
    const changed = Date.UTC(2025, 5, 1) / 1000;
    const undated = await writeSource('undated', head, look);
    await fs.utimes(join(undated, 'undated.spec'), changed, changed);
    const packed = await pack(undated, 'undated', 'undated.tar');
    const first = Date.UTC(2026, 0, 1) / 1000;
    const log = '* Thu Jan 01 2026 A Bee <bee@example.org> - 1.0-alt1\n- First.\n';
    const dated = await writeSource('dated', head, look);
    await fs.appendFile(join(dated, 'dated.spec'), `%changelog\n${log}`);
    const made = async (source: string): Promise<TaskDocument> => {
      const { document } = await rebuild([source, '--parallel', '3', ...from], 0, { state });
      return taskOf(document, basename(source).replace(/[-.].*/, ''));
    };
    const seen = (task: TaskDocument): string[] =>
      [...logOf(task).matchAll(/^\[\[(.*)\]\]$/gm)].map(([, line = '']) => line);
    const usual = ['/builddir/build', 'RPM_BUILD_NCPUS=3', 'NPROCS=3', 'HOME=/builddir', 'USER=builder'];
    const fromDirectory = await made(undated);
    expect(seen(fromDirectory)).toEqual(expect.arrayContaining([...usual, `SOURCE_DATE_EPOCH=${changed}`]));
    const fromTar = await made(packed);
    expect(fromTar.artifacts).toEqual(fromDirectory.artifacts);
    expect(seen(await made(dated))).toEqual(expect.arrayContaining([...usual, `SOURCE_DATE_EPOCH=${first}`]));

    const [source = ''] = globSync(join(dirname(fromTar.log ?? ''), '../results/*/undated-*.src.rpm'));
    const fromPacked = await made(source);
    expect(seen(fromPacked)).toContain(`SOURCE_DATE_EPOCH=${changed}`);
    expect(fromPacked.artifacts).toEqual(
      fromDirectory.artifacts.filter(({ file }) => !file.endsWith('.src.rpm')),
    );
  });
});
