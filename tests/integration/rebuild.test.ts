// SPDX-License-Identifier: GPL-2.0-or-later
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import { parseChangesFile } from '../../src/distro/deb/changes-file.ts';
import { rebuilding, requires } from '../support/capabilities.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { rebuild, taskOf } from '../support/rebuild-document.ts';
import { makeSourcePackage, writeSourceTree } from '../support/small-packages.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';
import { makeState, type TestDistribution, testDistribution } from '../support/test-distribution.ts';

requires(...rebuilding)('rebuild', () => {
  let distribution: TestDistribution;
  beforeAll(async () => {
    distribution = await testDistribution();
  });
  const from = (): string[] => ['--sources', distribution.sourcesFile];

  test('three good sources, in parallel and install-checked, with all results in a directory', async () => {
    await using state = await makeState(distribution);
    await using scratch = await makeTemporaryDirectory('scratch-');
    const out = join(scratch.path, 'out');
    const words = [...from(), '--jobs', '3', '--out', out, 'alpha', 'beta', 'gamma'];
    const { document, stderr } = await rebuild(words, 0, { state: state.path });

    expect(document.tasks.map(({ source, version, outcome }) => `${source} ${version} ${outcome}`)).toEqual([
      'alpha 1.1 built',
      'beta 1:2.0+3 built',
      'gamma 0.1~rc1 built',
    ]);
    expect(document.totals).toMatchObject({ tasks: 3, built: 3 });
    expect(document.campaign).toMatchObject({ suite: 'small' });
    const beta = taskOf(document, 'beta');
    expect(beta.installChecks).toMatchObject([
      { package: 'beta', version: '1:2.0+3', outcome: 'passed', warnings: [] },
      { package: 'libbeta-data', version: '1:2.0+3', outcome: 'passed', warnings: [] },
    ]);
    expect(stderr, 'snapshot and bases are reused').not.toMatch(/freezing|making/);

    for (const task of document.tasks) {
      const name = `${task.source}_${task.version.replace(':', '%3a')}`;
      const directory = join(out, 'results', name);
      expect(task.artifacts.map(({ file }) => file).sort()).toEqual(readdirSync(directory).sort());
      for (const { file, bytes, sha256: digest } of task.artifacts) {
        const content = readFileSync(join(directory, file));
        expect({ file, bytes: content.length, sha256: sha256(content) }).toEqual({
          file,
          bytes,
          sha256: digest,
        });
      }
      const changes = task.artifacts.find(({ file }) => file.endsWith('.changes'))?.file ?? '';
      const listed = parseChangesFile(readFileSync(join(directory, changes), 'utf8'))?.files;
      expect(
        listed?.map(({ fileName, bytes, sha256: digest }) => ({ file: fileName, bytes, sha256: digest })),
      ).toEqual(task.artifacts.filter(({ file }) => file !== changes));
      expect(task.artifacts.some(({ file }) => file.endsWith('.buildinfo'))).toBe(true);
      expect(task.log).toBe(join(out, 'logs', `${name}.log`));
      const log = readFileSync(task.log ?? '', 'utf8');
      const headings = [...log.matchAll(/^== (\S+) \+[\d.]+s (.*) ==$/gm)];
      expect(headings.every(([, time]) => !Number.isNaN(Date.parse(time ?? '')))).toBe(true);
      for (const phase of ['fetch', 'resolve', 'install-dependencies', 'unpack', 'build', 'install-check'])
        expect(headings.map(([, , text]) => text?.replace(/:.*/, ''))).toContain(phase);
      expect(log).toContain(`dpkg-buildpackage: info: source package ${task.source}`);
    }
    expect(readdirSync(join(state.path, 'run')), 'no buildroot is left').toEqual([]);
    expect(readdirSync(join(state.path, 'tmp'))).toEqual([]);
  });

  test('a version, a .dsc, a directory, and a list with comments, each once', async () => {
    await using state = await makeState(distribution);
    await using temporary = await makeTemporaryDirectory('scratch-');
    const scratch = temporary.path;
    const dsc = await makeSourcePackage({ name: 'own', version: '3.0' }, scratch);
    const tree = await writeSourceTree({ name: 'unpacked', version: '4.0' }, scratch);
    const list = join(scratch, 'list');
    writeFileSync(list, `# sources\n\ngamma   # the last one\nalpha=1.0\n${tree}\n`);
    const words = [...from(), '--from', list, '--no-install-check', 'alpha=1.0', dsc];
    const { document } = await rebuild(words, 0, { state: state.path, workingDirectory: scratch });
    expect(document.tasks.map(({ source, version }) => `${source} ${version}`)).toEqual([
      'alpha 1.0',
      'own 3.0',
      'gamma 0.1~rc1',
      'unpacked 4.0',
    ]);
    expect(document.tasks.flatMap((task) => task.installChecks)).toEqual([]);
    expect(existsSync(join(tree, 'debian/files')), 'the directory is not built in').toBe(false);
    for (const task of document.tasks) {
      const packages = task.artifacts.filter(({ file }) => file.endsWith('.deb'));
      expect(packages.map(({ file }) => file)).toEqual([`${task.source}_${task.version}_all.deb`]);
    }
  });

  test('a list on standard input, and words for people', async () => {
    await using state = await makeState(distribution);
    const words = ['rebuild', ...from(), '--from', '-', '--no-install-check'];
    const result = await paseka(words, { state: state.path, input: 'gamma\n' });
    expect(result).toMatchObject({ status: 0 });
    expect(result.stdout).toMatch(/gamma\s+0\.1~rc1\s+built/);
    expect(result.stderr).toMatch(/^gamma: built in .* \(1 of 1\)$/m);
    const quiet = await paseka([...words, '--quiet'], { state: state.path, input: 'gamma\n' });
    expect(quiet).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  test('a list with rubbish in it is refused with its line', async () => {
    await using state = await makeState(distribution);
    await using scratch = await makeTemporaryDirectory('scratch-');
    const list = join(scratch.path, 'list');
    writeFileSync(list, 'gamma\nalpha beta\n');
    expect(await pasekaJson(['rebuild', ...from(), '--from', list], 2, { state: state.path })).toEqual({
      error: {
        code: 'bad-package-list',
        message: `${list}, line 2: not the name of a source: "alpha beta"`,
        hint: expect.stringContaining('one source on each line'),
      },
    });
    writeFileSync(list, Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0xff, 0xfe, 10]));
    const refused = { error: expect.objectContaining({ code: 'bad-package-list' }) };
    expect(await pasekaJson(['rebuild', ...from(), '--from', list], 2, { state: state.path })).toEqual(
      refused,
    );
    const nowhere = join(basename(list), 'nowhere');
    expect(await pasekaJson(['rebuild', '--from', nowhere], 2, { state: state.path })).toEqual(refused);
    expect(readdirSync(join(state.path, 'campaigns'))).toEqual([]);
  });
});
