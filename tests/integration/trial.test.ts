// SPDX-License-Identifier: GPL-2.0-or-later
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EventRecorder } from '../../src/campaign/event-recorder.ts';
import { CampaignWriter } from '../../src/db/campaign-writer.ts';
import { openDatabase } from '../../src/db/database.ts';
import type { CampaignEvent } from '../../src/events/events.ts';
import { campaignStarted } from '../support/campaign-events.ts';
import { combLibrary, usingComb } from '../support/comb-packages.ts';
import { buildingWith, engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { type ErrorDocument, paseka, pasekaJson, startPaseka } from '../support/paseka.ts';
import { killProcessesWith } from '../support/processes-with.ts';
import { type RebuildDocument, readRebuildDocument, rebuild, taskOf } from '../support/rebuild-document.ts';
import { makeBinaryPackage } from '../support/small-packages.ts';
import { openGate } from '../support/waiting-build.ts';

/** The verdicts by source. */
function verdictsOf(document: RebuildDocument): Record<string, unknown> {
  return Object.fromEntries(document.tasks.map((task) => [task.source, task['verdict']]));
}

/** Fails at once with the changed data, and waits for its gate without. */
const waitingWithout = buildingWith(
  'waiting',
  'dpkg-query -s hive-data | grep -qx "Version: 3.0" && exit 1; mkfifo ../gate; echo begun; read word <../gate; exit 1',
);

interface CampaignDocument extends RebuildDocument {
  readonly campaign: RebuildDocument['campaign'] & {
    readonly baseline?: { readonly id: string; readonly tasks: number };
  };
}

engineTests('trials of a change', (engine) => {
  const without = ['--no-install-check'];
  /** The library without a function that a user needs, with one that another waits for, and at odds with wax. */
  const changedComb = (place: Place): Promise<string> =>
    makeBinaryPackage(
      combLibrary('2.0', ['comb_cells', 'comb_brood'], { Conflicts: 'wax' }),
      join(place.scratch, 'changed'),
    );

  test('what needs the changed package is rebuilt; what failed is built without the change and told apart', async () => {
    await using place = await makePlace(engine);
    const own = await place.source(buildingWith('own-ruin', 'echo "never worked" >&2; exit 1'));
    const words = [...engine.from, ...without, '--with', await changedComb(place)];
    const { document, stderr } = await rebuild(
      [...words, '--reverse-build-depends-of', 'libcomb-dev', own],
      1,
      place,
    );
    expect(verdictsOf(document)).toEqual({
      'own-ruin': 'already-broken',
      'comb-brood': 'unchanged', // nobody has tried it without the change
      'comb-counter': 'unchanged',
      'comb-melter': 'regression',
      'comb-ruin': 'already-broken',
      'comb-waxer': 'newly-unsatisfiable',
    });
    const { baseline } = (document as CampaignDocument).campaign;
    expect(baseline).toMatchObject({ tasks: 4, cancelled: false });
    expect(taskOf(document, 'comb-melter').attempts, 'retried before it is compared').toBe(2);
    expect(taskOf(document, 'comb-waxer').attempts).toBe(1);
    expect(stderr).toMatch(/4 sources failed with the change: building without it/);
  });

  test('an earlier campaign without the change is believed, and the rest by default what needs the change', async () => {
    await using place = await makePlace(engine);
    const all = ['--reverse-build-depends-of', 'libcomb-dev'];
    await rebuild([...engine.from, ...without, ...all], 1, place);
    const words = [...engine.from, ...without, '--with', await changedComb(place)];
    const { document } = await rebuild(words, 1, place);
    expect(verdictsOf(document)).toEqual({
      'comb-brood': 'fixed',
      'comb-counter': 'unchanged',
      'comb-melter': 'regression',
      'comb-ruin': 'already-broken',
      'comb-waxer': 'newly-unsatisfiable',
    });
    expect((document as CampaignDocument).campaign.baseline, 'nothing was built again').toBeUndefined();

    const people = await paseka(['rebuild', ...words, '--only-regressions'], place);
    expect(people.status).toBe(1);
    const said = people.stdout.split('\n');
    const first = said.findIndex((line) => line.startsWith('regression: comb-melter 1.0: '));
    expect(said[first]).toContain('comb_wax');
    expect(said[first + 1]).toMatch(/^newly unsatisfiable: comb-waxer 1.0: .*wax/);
    expect(people.stdout).toContain('the change breaks 2 of 5 sources');
    const harmless = [
      '--with',
      join(place.scratch, 'changed'),
      '--only-regressions',
      'comb-ruin',
      'comb-brood',
    ];
    expect(
      (await rebuild([...engine.from, ...without, ...harmless], 0, place)).document.totals,
    ).toMatchObject({
      built: 1,
      verdicts: { fixed: 1, 'already-broken': 1 },
    });
  });

  test('a build that fails once is flaky, and no regression', async () => {
    await using place = await makePlace(engine);
    const mark = `27182${process.pid}`;
    const source = await place.source({
      ...usingComb('flaky', 'comb_cells()'),
      rules: `#!/usr/bin/make -f
build: debian/built
debian/built:
	@exec perl -e '$$SIG{USR1} = sub { exit }; print STDERR "waiting for the sting\\n"; sleep' ${mark}
	@touch $@
clean:
binary: build
	mkdir -p debian/tmp/DEBIAN
	dpkg-gencontrol
	dpkg-deb --root-owner-group --build debian/tmp ..
`,
    });
    const options = [...engine.from, ...without, '--with', await changedComb(place)];
    await using running = startPaseka(
      ['rebuild', '--json', '--verbose', ...options, '--only-regressions', source],
      place,
    );
    await running.said(/waiting for the sting/);
    expect(killProcessesWith(mark, 'SIGKILL')).toBeGreaterThan(0);
    await running.said(/(waiting for the sting[^]*){2}/);
    expect(killProcessesWith(mark, 'SIGUSR1')).toBeGreaterThan(0);
    const { status, stdout, stderr } = await running.ended;
    expect(status, stderr).toBe(0);
    const document = readRebuildDocument(stdout);
    expect(taskOf(document, 'flaky')).toMatchObject({ outcome: 'built', attempts: 2, verdict: 'flaky' });
  });

  test('a changed source is built first, and what it gave is what the others are built with', async () => {
    await using place = await makePlace(engine);
    const changed = await place.source({
      name: 'libcomb-dev',
      version: '3.0',
      binaries: { 'libcomb-dev': {} },
      files: { 'comb.h': 'static inline int comb_cells(void) { return 5; }\n' },
      rules: `#!/usr/bin/make -f
build:
clean:
binary:
	mkdir -p debian/tmp/DEBIAN debian/tmp/usr/include
	cp comb.h debian/tmp/usr/include/
	dpkg-gencontrol
	dpkg-deb --root-owner-group --build debian/tmp ..
`,
    });
    const { document } = await rebuild([...engine.from, ...without, '--build-change', changed], 1, place);
    expect(verdictsOf(document)).toEqual({
      'libcomb-dev': 'unchanged',
      'comb-brood': 'already-broken',
      'comb-counter': 'regression',
      'comb-melter': 'regression',
      'comb-ruin': 'already-broken',
      'comb-waxer': 'regression',
    });
    const log = await paseka(['campaign', 'log', document.campaign.id, 'comb-counter'], place);
    expect(log.stdout).toMatch(/install-dependencies: \d+ packages/);
    expect(log.stdout).toContain('./program');
  });

  test('while its baseline runs a candidate can be cancelled, but neither deleted nor gone on with', async () => {
    await using place = await makePlace(engine);
    const data = await makeBinaryPackage({ name: 'hive-data', version: '3.0' }, join(place.scratch, 'data'));
    const source = await place.source({ ...waitingWithout, buildDepends: 'hive-data' });
    const words = [
      ...engine.from,
      ...without,
      '--verbose',
      '--json',
      '--retries',
      '0',
      '--with',
      data,
      source,
    ];
    const list = async (): Promise<readonly { id: string; status: string }[]> =>
      (await pasekaJson<{ campaigns: { id: string; status: string }[] }>(['campaign', 'list'], 0, place))
        .campaigns;
    const candidate = await (async () => {
      await using running = startPaseka(['rebuild', ...words], place);
      await running.said(/^begun$/m);
      const [baseline, first] = await list();
      expect([baseline?.status, first?.status]).toEqual(['running', 'running']);
      const id = first?.id ?? '';
      for (const [verb, one] of [
        ['delete', id],
        ['resume', id],
        ['retry', id],
        ['delete', baseline?.id ?? ''],
      ] as const) {
        const { error } = await pasekaJson<ErrorDocument>(['campaign', verb, one], 2, place);
        expect(error, verb).toMatchObject({
          code: 'campaign-running',
          hint: expect.stringContaining('cancel'),
        });
      }
      await pasekaJson(['campaign', 'cancel', id, '--now', '--wait'], 0, place);
      expect((await list()).map(({ status }) => status)).toEqual(['cancelled', 'ended']);
      const { status, stdout } = await running.ended;
      expect(status).toBe(1);
      expect(verdictsOf(readRebuildDocument(stdout))).toEqual({ waiting: undefined });
      return id;
    })();
    await using resumed = startPaseka(['campaign', 'resume', candidate, '--verbose', '--json'], place);
    await resumed.said(/^begun$/m);
    openGate(place, resumed);
    expect(verdictsOf(readRebuildDocument((await resumed.ended).stdout))).toEqual({
      waiting: 'already-broken',
    });
    expect(await pasekaJson(['campaign', 'delete', candidate], 0, place)).toEqual({ deleted: [candidate] });
  });

  test('a changed source that fails ends the campaign with that as the reason', async () => {
    await using place = await makePlace(engine);
    const changed = await place.source({
      ...buildingWith('libcomb-dev', 'echo "comb.h: no such comb" >&2; exit 1'),
      binaries: { 'libcomb-dev': {} },
    });
    const { document, stderr } = await rebuild(
      [...engine.from, ...without, '--build-change', changed, 'comb-counter'],
      1,
      place,
    );
    expect(taskOf(document, 'libcomb-dev').outcome).toBe('failed');
    expect(taskOf(document, 'comb-counter')).toMatchObject({ outcome: 'cancelled', attempts: 0 });
    expect(stderr).toContain('the changed source libcomb-dev was not built: comb.h: no such comb');
    expect((document as CampaignDocument).campaign.baseline).toBeUndefined();
  });

  test('campaigns are compared source by source and package by package', async () => {
    await using place = await makePlace(engine);
    const sources = ['comb-counter', 'comb-brood', 'comb-melter'];
    const build = async (status: number, ...words: string[]): Promise<RebuildDocument> =>
      (await rebuild([...engine.from, ...without, ...words, '--no-baseline', ...sources], status, place))
        .document;
    const before = await build(1);
    const after = await build(1, '--with', await changedComb(place));
    const [one, other] = [before.campaign.id, after.campaign.id];
    const compared = await pasekaJson<{ sources: { source: string; verdict: string; packages?: unknown }[] }>(
      ['campaign', 'compare', one, other],
      1,
      place,
    );
    expect(compared.sources.map(({ source, verdict }) => `${source} ${verdict}`)).toEqual([
      'comb-melter regression',
      'comb-brood fixed',
      'comb-counter unchanged',
    ]);
    expect(compared.sources[2]?.packages).toEqual([]);
    const people = await paseka(['campaign', 'compare', other, one], place);
    expect(people.stdout).toMatch(
      /^regression\n {2}comb-brood 1.0\n {4}before {2}built\n {4}after {3}failed \(build\): .*comb_brood/m,
    );
    const refused = async (other: string): Promise<ErrorDocument['error']> =>
      (await pasekaJson<ErrorDocument>(['campaign', 'compare', one, other], 2, place)).error;
    expect((await refused('nowhere')).code).toBe('unknown-campaign');
    {
      using database = openDatabase(join(place.state, 'paseka.sqlite'));
      await using writer = new CampaignWriter(database, { request: '{}' });
      const recorder = new EventRecorder(Date.now);
      recorder.subscribe(writer.write);
      recorder.emit({ ...campaignStarted('20260101-foreign'), architecture: 'far' } as CampaignEvent);
      recorder.emit({ type: 'campaign-ended', cancelled: false });
    }
    expect(await refused('20260101-foreign')).toMatchObject({
      code: 'bad-option',
      message: expect.stringMatching(/of far: they can't be compared$/),
    });
  });

  test('what differs in packages is told, and where they were deleted, that', async () => {
    await using place = await makePlace(engine);
    const source = usingComb('own', 'comb_cells()');
    const tree = await place.source({
      ...source,
      binaries: { own: { Architecture: 'all', Depends: 'wax' } },
    });
    const build = async (): Promise<string> =>
      (await rebuild([...engine.from, ...without, tree], 0, place)).document.campaign.id;
    const before = await build();
    await place.source({
      ...source,
      binaries: { own: { Architecture: 'all', Depends: 'hive-data' } },
      rules:
        source.rules?.replace(
          'cp program.c debian/tmp/usr/share/doc/own/',
          'install -m600 program.c debian/tmp/p',
        ) ?? '',
    });
    const after = await build();
    const compare = async (): Promise<object | undefined> =>
      (await pasekaJson<{ sources: object[] }>(['campaign', 'compare', before, after], 0, place)).sources[0];
    expect(await compare()).toMatchObject({
      verdict: 'unchanged',
      packages: [
        {
          kind: 'package-differs',
          package: 'own',
          differences: [
            { kind: 'file-gone', path: '/usr/share/doc/own/program.c' },
            { kind: 'file-added', path: '/p' },
            { kind: 'relations', field: 'Depends', gone: ['wax'], added: ['hive-data'] },
          ],
        },
      ],
    });
    const people = await paseka(['campaign', 'compare', before, after], place);
    expect(people.stdout).toContain('own: Depends -wax +hive-data');
    const results = join(place.state, 'campaigns', before, 'results');
    rmSync(results, { recursive: true });
    expect(await compare()).toMatchObject({
      packages: null,
      deleted: [join(results, 'own_1.0/own_1.0_all.deb')],
    });
  });
});
