// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync, readFileSync, truncateSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { asOrdinaryUser } from '../support/as-ordinary-user.ts';
import { rebuilding, requires } from '../support/capabilities.ts';
import { makeOrdinaryUser } from '../support/ordinary-user.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { type RebuildDocument, rebuild, type TaskDocument, taskOf } from '../support/rebuild-document.ts';
import { buildPackageOfFiles } from '../support/rpm/package-of-files.ts';
import { type RpmDistribution, rpmDistribution } from '../support/rpm/rpm-distribution.ts';
import { writeSource } from '../support/rpm/written-source.ts';
import { runTool } from '../support/run-tool.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

/** Outcome and warnings of each of a task's install checks. */
function checksOf({ installChecks }: TaskDocument): Record<string, unknown> {
  return Object.fromEntries(
    installChecks.map((one) => [
      one.package,
      [one.outcome, one['step'], one['reason'], one['explanation'], one.warnings.join('; ')]
        .filter(Boolean)
        .join(' | '),
    ]),
  );
}

requires(...rebuilding, 'userns')('rebuilding an RPM distribution', () => {
  let distribution: RpmDistribution;
  let from: readonly string[];
  let place: TemporaryDirectory;
  let state: string;
  let built: RebuildDocument;

  beforeAll(async () => {
    distribution = await rpmDistribution();
    from = ['--sources', distribution.repoFile];
    place = await makeTemporaryDirectory('rpm-');
    state = join(place.path, 'state');
    const sources = [
      ...['hello', 'tree', 'lua', 'lua-lpeg', 'jq', 'perl-Text-CSV'],
      ...['dynamic-requires', 'expanded-requires', 'features', 'faults'],
      ...['other-architecture', 'unsatisfiable', 'failing-build'],
    ];
    ({ document: built } = await rebuild([...from, '--stage', ...sources], 1, { state }));
  });
  afterAll(() => place[Symbol.asyncDispose]());

  test('real sources in stages, dependencies found out by building, what can not be built', () => {
    expect(Object.fromEntries(built.tasks.map(({ source, outcome }) => [source, outcome]))).toEqual({
      hello: 'built',
      tree: 'built',
      lua: 'built',
      'lua-lpeg': 'built',
      jq: 'built',
      'perl-Text-CSV': 'built',
      'dynamic-requires': 'built',
      'expanded-requires': 'built',
      features: 'built',
      faults: 'failed',
      'other-architecture': 'not-for-architecture',
      unsatisfiable: 'dependencies-unsatisfiable',
      'failing-build': 'failed',
    });
    expect(taskOf(built, 'unsatisfiable')['explanation']).toMatch(
      /^the source needs nowhere-to-be-found >= 2, which nothing provides$/,
    );
    expect(taskOf(built, 'other-architecture')['explanation']).toContain('s390x');
    expect(taskOf(built, 'failing-build')).toMatchObject({
      stage: 'build',
      failure: { lines: [{ text: 'no wax left' }, { text: /Bad exit status from .* \(%build\)/ }] },
    });
    const rounds = readFileSync(taskOf(built, 'dynamic-requires').log ?? '', 'utf8');
    expect([...rounds.matchAll(/it needs more: (.*)/g)].map(([, more]) => more)).toEqual([
      'flex',
      'bison >= 3',
    ]);
  });

  test('what is installed by a package, passes and fails by the rules of a farm that gates packages', () => {
    expect(checksOf(taskOf(built, 'hello'))).toEqual({ hello: 'passed' });
    expect(checksOf(taskOf(built, 'tree'))).toEqual({ tree: 'passed' });
    expect(checksOf(taskOf(built, 'lua'))).toEqual({
      lua: 'passed',
      'lua-libs': 'passed',
      'lua-devel': 'passed',
    });
    expect(checksOf(taskOf(built, 'lua-lpeg'))['lua-lpeg']).toMatch(
      /^passed \| owned by no package: .*\/lua/,
    );
    expect(checksOf(taskOf(built, 'features'))).toEqual({ features: 'passed' });
    expect(checksOf(taskOf(built, 'faults'))).toEqual({
      'faults-pre': expect.stringMatching(/^failed \| install \| no honey before\n.*%prein/),
      'faults-post': expect.stringMatching(/^failed \| install \| no honey after\n.*%post/),
      'faults-preun': expect.stringMatching(/^failed \| remove \| no leave\n.*%preun/),
      'faults-postun': expect.stringMatching(/^failed \| remove \| no farewell\n.*%postun/),
      'faults-clash': expect.stringMatching(/^failed \| install \| file \/usr\/bin\/true .* conflicts with /),
      'faults-changed': expect.stringMatching(/^passed \| not as it says .*\/faults\/changed$/),
      'faults-messy': expect.stringMatching(
        /^passed \| owned by no package: \/opt\/messy.*left behind after the removal: \/opt\/messy/,
      ),
      'faults-circle': expect.stringMatching(
        /no package: \/opt\/circle\W.*circular dependency: .*faults-other-half.*left behind after the removal: \/opt\/circle$/s,
      ),
      'faults-other-half': expect.stringMatching(
        /no package: \/opt\/other-half\W.*circular dependency: .*faults-circle.*left behind after the removal: \/opt\/other-half$/s,
      ),
      'faults-unmet': expect.stringMatching(/^dependencies-unsatisfiable \| .*nowhere-to-be-found >= 2/),
    });
  });

  test('packages are those that rpmbuild --rebuild gives, byte by byte', async () => {
    const dates = ['source_date_epoch_from_changelog', 'use_source_date_epoch_as_buildtime'];
    const defined = [...dates, 'clamp_mtime_to_source_date_epoch'].map((name) => `--define '${name} 1'`);
    const script = [
      'cd /tmp; echo "$1" | base64 --decode >given.src.rpm',
      `rpmbuild --rebuild ${defined.join(' ')} --define '_topdir /tmp/build' given.src.rpm >&2`,
      `cd build/RPMS; sha256sum */*.rpm | sed 's: .*/: :'`,
    ].join('\n');
    const [source = ''] = globSync(join(distribution.sources, 'Packages/features-*.src.rpm'));
    const command = ['sh', '-ec', script, 'sh', readFileSync(source).toString('base64')];
    const run = ['run', '--as', 'builder', ...from, '--', ...command];
    const { stdout, stderr } = await paseka(run, { state });
    const ours = taskOf(built, 'features').artifacts.map(({ file, sha256 }) => `${sha256} ${file}`);
    expect(stdout.trim().split('\n').sort(), stderr.slice(-1000)).toEqual(ours.sort());
  });

  test('the layer of a build is what rpm installs over the base', async () => {
    expect(await pasekaJson(['layer', 'compare', 'jq', ...from], 0, { state })).toMatchObject({
      equal: true,
      made: 'installed',
    });
  });

  test('each build dependency has a reason', async () => {
    const { packages } = await pasekaJson<{ packages: readonly { name: string; why: string }[] }>(
      ['resolve', 'jq', '--why', ...from],
      0,
      { state },
    );
    const why = Object.fromEntries(packages.map((one) => [one.name, one.why]));
    expect(why['libonig-dev']).toBe('the source: BuildRequires pkgconfig(oniguruma)');
    expect(why['libonig5']).toMatch(/^libonig-dev: Requires libonig5 = /);
  });

  test('results are a repository for dnf and for apt-rpm', async () => {
    const repository = join(place.path, 'results');
    await pasekaJson(['campaign', 'report', built.campaign.id, '--repository', repository], 0, { state });
    const listed = await runTool([
      ...(['dnf', '--quiet', '--disableplugin=*', `--setopt=reposdir=${place.path}`] as const),
      ...[`--setopt=cachedir=${place.path}/dnf`, `--repofrompath=results,file://${repository}`],
      ...['--nogpgcheck', 'repoquery', '--qf', '%{name}-%{version}-%{release}.%{arch}.rpm'],
    ]);
    const files = built.tasks
      .filter(({ outcome }) => outcome === 'built')
      .flatMap(({ source, version, artifacts }) => [
        `${source}-${version}.src.rpm`,
        ...artifacts.map(({ file }) => file),
      ]);
    expect(listed.trim().split('\n').toSorted()).toEqual(files.toSorted());
    // and another for apt-rpm, of the same files
    const linked = globSync('x86_64/{RPMS,SRPMS}.paseka/*.rpm', { cwd: repository });
    expect(linked.map((path) => basename(path)).toSorted()).toEqual(files.toSorted());
  });

  test('what a script in Lua, a trigger and a script of the package make is there', async () => {
    const look = [
      'cat /var/lib/features/state',
      'test -e /var/lib/features/from-trigger && echo by the trigger',
      `stat --format='%G %a' /etc/features.conf`,
    ];
    const run = [
      'run',
      ...from,
      '--repo',
      join(place.path, 'results'),
      '--packages',
      'features',
      '--',
      'sh',
      '-ec',
      look.join('\n'),
    ];
    const { stdout, stderr } = await paseka(run, { state });
    expect(stdout.split('\n'), stderr.slice(-1000)).toEqual([
      ...['made by lua', 'by the trigger', 'feature 640', ''],
    ]);
  });

  test('build dependencies that can not be installed and a spec file that can not be read say why, in a directory and in a tar file', async () => {
    const results = join(state, 'campaigns', built.campaign.id, 'results');
    const given = ['faults-pre', 'faults-clash'].flatMap((name) => [
      '--with',
      ...globSync(join(results, `**/${name}-1-*.rpm`)),
    ]);
    const sources = [await writeSource(place.path, { name: 'needs-pre', needs: ['faults-pre'] })];
    const packed = await writeSource(place.path, { name: 'needs-clash', needs: ['faults-clash'] });
    sources.push(`${packed}.tar`);
    await runTool(['tar', '--create', `--file=${packed}.tar`, `--directory=${packed}`, 'needs-clash.spec']);
    sources.push(await writeSource(place.path, { name: 'unreadable', needs: ['gcc >>> 4'] }));
    const { document } = await rebuild([...sources, ...given, ...from], 1, { state });
    expect(taskOf(document, 'needs-pre')).toMatchObject({
      outcome: 'failed',
      stage: 'install-dependencies',
      reason: expect.stringContaining('no honey before'),
    });
    expect(taskOf(document, 'needs-clash')).toMatchObject({
      outcome: 'failed',
      stage: 'install-dependencies',
      reason: expect.stringContaining('/usr/bin/true'),
    });
    expect(taskOf(document, 'unreadable')).toMatchObject({
      outcome: 'failed',
      stage: 'resolve',
      reason: expect.stringMatching(/^unreadable\.spec: line \d+: Dependency tokens must begin .*>>>/),
      failure: {
        class: 'build-system',
        lines: [{ text: expect.stringContaining('BuildRequires: gcc >>> 4') }],
      },
    });
  });

  test('what the base has in the same version, but not so, is replaced', async () => {
    const own = await buildPackageOfFiles(
      { name: 'basesystem', files: { '/usr/share/meadow-own': 'of clover\n' } },
      place.path,
    );
    const source = await writeSource(place.path, {
      name: 'looks',
      needs: ['gcc'],
      sections: '%build\ncat /usr/share/meadow-own',
    });
    const { document } = await rebuild([...from, '--with', own, source], 0, { state });
    expect(readFileSync(taskOf(document, 'looks').log ?? '', 'utf8')).toContain('of clover');
  });

  test('what a build finds out that it needs is found out each time; other results are taken over', async () => {
    const sources = ['features', 'dynamic-requires', 'expanded-requires'];
    const { document } = await rebuild([...sources, ...from], 0, { state });
    const reused = document.tasks.map(({ source, reusedFrom }) => [source, reusedFrom]);
    expect(Object.fromEntries(reused)).toEqual({
      features: built.campaign.id,
      'dynamic-requires': undefined,
      'expanded-requires': undefined,
    });
    const rounds = readFileSync(taskOf(document, 'dynamic-requires').log ?? '', 'utf8');
    expect(rounds.match(/it needs more: /g)).toHaveLength(2);
  });

  test('a source that is not for this architecture is told apart as early as that is known, and counts neither way', async () => {
    const name = 'other-architecture';
    const resolved = await pasekaJson(['resolve', name, ...from], 1, { state });
    expect(resolved).toEqual({
      source: name,
      version: expect.any(String),
      packages: [],
      notForArchitecture: expect.stringContaining('s390x'),
    });
    const file = globSync(join(distribution.sources, `Packages/${name}-*.src.rpm`));
    const planned = await pasekaJson(['rebuild', ...file, 'features', '--dry-run', ...from], 0, { state });
    expect(planned).toMatchObject({
      sources: expect.arrayContaining([
        expect.objectContaining({ source: name, class: 'not-for-architecture' }),
        expect.objectContaining({ source: 'features', class: 'satisfiable' }),
      ]),
      totals: { notForArchitecture: 1, satisfiable: 1, unsatisfiable: 0, undecided: 0 },
    });
    const { document } = await rebuild(['features', name, ...from], 0, { state });
    const report = join(place.path, 'junit.xml');
    await pasekaJson(['campaign', 'report', document.campaign.id, '--junit', report], 0, { state });
    expect(readFileSync(report, 'utf8')).toMatch(/failures="0" errors="0"[^]*<skipped message="not for this/);
    await rebuild([name, ...from], 1, { state });
  });

  test('a source package that was cut off is told before anything is done', async () => {
    const source = join(place.path, 'cut.src.rpm');
    await fs.copyFile(join(distribution.sources, 'Packages/features-1-1.meadow.src.rpm'), source);
    truncateSync(source, 500);
    const said = await paseka(['rebuild', source, ...from], { state });
    expect(said.status).toBe(2);
    expect(said.stderr).toContain('bad-source-package');
  });

  test('as an ordinary user, whose roots have all owners and capabilities too', async () => {
    await using user = await makeOrdinaryUser();
    await using asUser = await asOrdinaryUser(user, `${user.home}/state`);
    const sources = ['features', 'dynamic-requires', 'perl-Text-CSV'];
    const { document } = await rebuild([...from, ...sources], 0, asUser);
    expect(checksOf(taskOf(document, 'features'))).toEqual({ features: 'passed' });
    const base = ['run', ...from, '--', 'rpm', '--verify', '--all', '--noconfig'];
    const changed = (await paseka(base, asUser)).stdout.trim().split('\n');
    expect(changed).toEqual([expect.stringMatching(/ \/proc$/)]); // mounted while it runs
  });
});
