// SPDX-License-Identifier: GPL-2.0-or-later
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { type ErrorDocument, paseka, pasekaJson } from '../support/paseka.ts';
import { type InstallCheckDocument, rebuild, taskOf } from '../support/rebuild-document.ts';
import { makeBinaryPackage, type SmallBinary } from '../support/small-packages.ts';

const script = (text: string): string => `#!/bin/sh\nset -e\n${text}\n`;

engineTests('install checks', (engine) => {
  /** Checks packages together; the checks by name. */
  async function check(
    place: Place,
    status: number,
    ...packages: readonly SmallBinary[]
  ): Promise<Readonly<Record<string, InstallCheckDocument>>> {
    const files: string[] = [];
    for (const one of packages) files.push(await makeBinaryPackage(one, place.scratch));
    const document = await pasekaJson<{ installChecks: InstallCheckDocument[] }>(
      ['install-check', ...engine.from, ...files],
      status,
      place,
    );
    expect(document.installChecks.map((one) => one.package)).toEqual(packages.map((one) => one.name));
    return Object.fromEntries(document.installChecks.map((one) => [one.package, one]));
  }

  test('each maintainer script that fails is told by its step and its words', async () => {
    await using place = await makePlace(engine);
    const failing = (
      name: 'preinst' | 'postinst' | 'prerm' | 'postrm',
      text = `echo "no ${name}" >&2; exit 3`,
    ): SmallBinary => ({
      name: `failing-${name}`,
      scripts: { [name]: script(text) },
    });
    const checks = await check(
      place,
      1,
      failing('preinst'),
      failing('postinst'),
      failing('prerm'),
      failing('postrm'),
      {
        name: 'failing-purge',
        scripts: { postrm: script('[ "$1" != purge ] || { echo "no purge" >&2; exit 3; }') },
      },
    );
    for (const [name, step, words] of [
      ['failing-preinst', 'install', 'failing-preinst'],
      ['failing-postinst', 'install', 'failing-postinst'],
      ['failing-prerm', 'remove', 'failing-prerm'],
      ['failing-postrm', 'remove', 'failing-postrm'],
      ['failing-purge', 'purge', 'failing-purge'],
    ] as const) {
      expect(checks[name]).toMatchObject({ outcome: 'failed', step, reason: expect.stringContaining(words) });
    }
    expect(checks['failing-postinst']?.['reason']).toContain('no postinst');
  });

  test('what nobody owns and what stays after the purge are warnings', async () => {
    await using place = await makePlace(engine);
    const { clean, messy, stubborn } = await check(
      place,
      0,
      {
        name: 'clean',
        fields: { Depends: 'hive-tool' },
        controlFiles: { conffiles: '/etc/clean.conf\n' },
        files: { '/etc/clean.conf': 'a=1\n' },
      },
      {
        name: 'messy',
        scripts: { postinst: script('echo x > /etc/messy.state'), postrm: script('rm -f /etc/messy.state') },
      },
      { name: 'stubborn', scripts: { postinst: script('mkdir -p /opt/stubborn; touch /opt/stubborn/left') } },
    );
    expect(clean).toMatchObject({ outcome: 'passed', warnings: [] });
    expect(messy).toMatchObject({ outcome: 'passed', warnings: ['owned by no package: /etc/messy.state'] });
    expect(stubborn).toMatchObject({ outcome: 'passed' });
    expect(stubborn?.warnings.join('\n')).toContain('owned by no package: /opt/stubborn');
    expect(stubborn?.warnings.join('\n')).toContain('left behind after the purge: /opt/stubborn');
  });

  test('a file that is listed and is gone after the installation fails', async () => {
    await using place = await makePlace(engine);
    const { eater } = await check(place, 1, {
      name: 'eater',
      scripts: { postinst: script('rm /usr/share/doc/eater/readme') },
    });
    expect(eater).toMatchObject({
      outcome: 'failed',
      step: 'verify',
      reason: expect.stringContaining('/usr/share/doc/eater/readme'),
    });
  });

  test('dependencies: each other, in a circle, another version, none there', async () => {
    await using place = await makePlace(engine);
    const { base, over, here, there, newer, hopeless } = await check(
      place,
      1,
      { name: 'base' },
      { name: 'over', fields: { Depends: 'base (= 1.0), hive-data (>= 1.0)' } },
      { name: 'here', fields: { Depends: 'there' } },
      { name: 'there', fields: { Depends: 'here' } },
      { name: 'newer', fields: { Depends: 'hive-tool (>= 7)' } },
      { name: 'hopeless', fields: { Depends: 'needs-nothing-there' } },
    );
    expect(base).toMatchObject({ outcome: 'passed', warnings: [] });
    expect(over).toMatchObject({ outcome: 'passed', warnings: [] });
    for (const one of [here, there]) {
      expect(one).toMatchObject({ outcome: 'passed' });
      expect(one?.warnings).toEqual([expect.stringContaining('circular dependency')]);
    }
    expect(newer).toMatchObject({
      outcome: 'dependencies-unsatisfiable',
      explanation: expect.stringContaining('hive-tool (>= 7)'),
    });
    expect(hopeless).toMatchObject({
      outcome: 'dependencies-unsatisfiable',
      explanation: expect.stringContaining('nowhere-to-be-found'),
    });
  });

  test('in a circle: what each leaves is told of it alone, also of a second version', async () => {
    await using place = await makePlace(engine);
    const round = (name: string, other: string, version = '1.0'): SmallBinary => ({
      name,
      version,
      fields: { Depends: other },
      files: { [`/usr/bin/${name}`]: '#!/bin/sh\n' },
      executables: [`/usr/bin/${name}`],
      scripts: {
        preinst: script(`mkdir -p /opt/${name}-early`),
        // the first version's remains are not to be there, and what it is in a circle with can be run
        postinst: script(`[ ! -e /opt/${name}-1.0 ]; ${other}; mkdir -p /opt/${name}-${version}`),
      },
    });
    const { left, right } = await check(place, 0, round('left', 'right'), round('right', 'left'));
    for (const [one, name] of [
      [left, 'left'],
      [right, 'right'],
    ] as const) {
      const paths = `/opt/${name}-1.0, /opt/${name}-early`;
      expect(one).toMatchObject({
        outcome: 'passed',
        warnings: [
          `owned by no package: ${paths}`,
          expect.stringContaining('circular dependency'),
          `left behind after the purge: ${paths}`,
        ],
      });
    }
    const again = await check(place, 0, round('left', 'right', '2.0'), round('right', 'left'));
    expect(again['left']?.warnings).toContain('left behind after the purge: /opt/left-2.0, /opt/left-early');
    expect(again['right']?.warnings).toContain(
      'left behind after the purge: /opt/right-1.0, /opt/right-early',
    );
  });

  test('in a circle: whose script failed is told by its words', async () => {
    await using place = await makePlace(engine);
    const { sound, unsound } = await check(
      place,
      1,
      { name: 'sound', fields: { Depends: 'unsound' } },
      {
        name: 'unsound',
        fields: { Depends: 'sound' },
        scripts: { postinst: script('echo "no wax" >&2; exit 3') },
      },
    );
    for (const [one, step] of [
      [unsound, 'install'],
      [sound, 'install-dependencies'],
    ] as const) {
      expect(one).toMatchObject({ outcome: 'failed', step });
      expect(one?.['reason']).toMatch(/^no wax\ndpkg: error processing package unsound/);
    }
  });

  test('a new version of a package of the snapshot, and of one of the base', async () => {
    await using place = await makePlace(engine);
    const checks = await check(
      place,
      0,
      { name: 'hive-data', version: '2:0.1' },
      { name: 'hive-tool', version: '0.5', fields: { Depends: 'hive-data (>= 2:0)' } },
      {
        name: 'hostname',
        version: '99',
        files: { '/usr/share/doc/hostname/readme': 'x' },
        fields: { Essential: 'yes' },
      },
    );
    expect(checks['hive-data']).toMatchObject({ outcome: 'passed', version: '2:0.1', warnings: [] });
    expect(checks['hive-tool']).toMatchObject({ outcome: 'passed', warnings: [] });
    expect(checks['hostname']?.warnings).toEqual([expect.stringContaining('part of the minimal system')]);
  });

  test('a .changes of a rebuild; words for people; in a rebuild a failed check is the task’s failure', async () => {
    await using place = await makePlace(engine);
    const out = join(place.scratch, 'out');
    await rebuild([...engine.from, '--no-install-check', '--out', out, 'beta'], 0, place);
    const changes = join(out, 'results/beta_1%3a2.0+3/beta_2.0+3_amd64.changes').replace(
      'amd64',
      process.arch === 'x64' ? 'amd64' : process.arch,
    );
    const people = await paseka(['install-check', ...engine.from, changes], place);
    expect(people.status, people.stderr).toBe(0);
    expect(people.stdout).toMatch(/^libbeta-data\s+1:2\.0\+3\s+passed/m);

    const bad = await place.source({
      name: 'badly-built',
      files: { 'debian/postinst': script('exit 5') },
      rules: `#!/usr/bin/make -f
%:
	@true
binary:
	mkdir -p debian/tmp/DEBIAN
	install -m755 debian/postinst debian/tmp/DEBIAN/postinst
	dpkg-gencontrol -pbadly-built -Pdebian/tmp
	dpkg-deb --root-owner-group --build debian/tmp ..
`,
    });
    const { document } = await rebuild([...engine.from, bad], 1, place);
    const task = taskOf(document, 'badly-built');
    expect(task).toMatchObject({ outcome: 'failed', stage: 'install-check' });
    expect(task.reason).toMatch(/^badly-built, install: /);
    expect(task.installChecks).toMatchObject([
      { package: 'badly-built', outcome: 'failed', step: 'install' },
    ]);
    expect(task.artifacts, 'what was built is kept').not.toEqual([]);
  });

  test('files that are no packages', async () => {
    await using place = await makePlace(engine);
    const refused = (file: string): Promise<ErrorDocument> =>
      pasekaJson<ErrorDocument>(['install-check', ...engine.from, file], 2, place);
    const text = join(place.scratch, 'text.deb');
    writeFileSync(text, 'no package\n');
    expect((await refused(text)).error.code).toBe('bad-binary-package');
    expect((await refused(join(place.scratch, 'absent.deb'))).error.code).toBe('bad-binary-package');
    const changes = join(place.scratch, 'some.changes');
    writeFileSync(changes, 'not a description\n');
    expect((await refused(changes)).error.code).toBe('bad-changes-file');
    const deb = await makeBinaryPackage({ name: 'spoilt' }, place.scratch);
    const digest = '0'.repeat(64);
    writeFileSync(
      changes,
      `Format: 1.8\nSource: spoilt\nVersion: 1.0\nChecksums-Sha256:\n ${digest} 10 spoilt_1.0_all.deb\nFiles:\n x 10 misc optional spoilt_1.0_all.deb\n`,
    );
    expect((await refused(changes)).error).toMatchObject({
      code: 'bad-changes-file',
      message: expect.stringContaining('spoilt_1.0_all.deb'),
    });
    appendFileSync(deb, 'more');
  });
});
