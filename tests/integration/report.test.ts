// SPDX-License-Identifier: GPL-2.0-or-later
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineTests, makePlace } from '../support/engine-tests.ts';
import { type ErrorDocument, paseka, pasekaJson } from '../support/paseka.ts';
import { rebuild } from '../support/rebuild-document.ts';
import { runTool } from '../support/run-tool.ts';
import { makeSigningKey } from '../support/signing-key.ts';
import { makeTemporaryDirectory } from '../support/temporary-directory.ts';

const junitSchema = join(import.meta.dirname, '../fixtures/junit.xsd');

interface ReportDocument {
  readonly failingSince: readonly { readonly source: string; readonly since: string }[];
  readonly written: Readonly<Record<string, string>>;
}

const lines = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

engineTests('campaign report', (engine) => {
  test('tree, JUnit, summary and repository of one campaign after the other', async () => {
    await using place = await makePlace(engine);
    const out = (name: string): string => join(place.scratch, name);
    const kinds = ['--tree', out('tree'), '--junit', out('junit.xml'), '--text', out('mail.txt')];
    const report = (...words: string[]): Promise<ReportDocument> =>
      pasekaJson(['campaign', 'report', ...words], 0, place);

    const { document: first } = await rebuild([...engine.from, 'alpha', 'unsatisfiable'], 1, place);
    const { campaign: one } = first;
    const document = await report(one.id, ...kinds, '--repository', out('repository'));
    expect(document).toMatchObject({
      campaign: { id: one.id },
      clusters: [{ kind: 'dependencies-unsatisfiable', sources: ['unsatisfiable'] }],
      failingSince: [{ source: 'unsatisfiable', version: '1.0' }],
      written: {
        tree: out('tree'),
        junit: out('junit.xml'),
        text: out('mail.txt'),
        repository: out('repository'),
      },
    });
    const latest = out('tree/latest');
    expect(readdirSync(join(latest, 'success'))).toEqual(['alpha-1.1']);
    expect(readdirSync(join(latest, 'error'))).toEqual(['unsatisfiable-1.0']);
    expect(readFileSync(join(latest, 'success/alpha-1.1'), 'utf8')).toContain('dpkg-buildpackage');
    expect(readFileSync(join(latest, 'error/unsatisfiable-1.0'), 'utf8')).toContain('nowhere-to-be-found');
    expect(lines(out('tree/time.list')).map((line) => line.split(' ')[0])).toEqual([
      'alpha-1.1',
      'unsatisfiable-1.0',
    ]);
    const since = lines(out('tree/ftbfs-since'));
    expect(since).toEqual([expect.stringMatching(/^unsatisfiable\t\d{10}$/)]);
    expect(lines(out('tree/ftbfs-joined'))).toEqual([
      'unsatisfiable\t1.0\t0\tPaseka Test <test@example.org>',
    ]);
    expect(readFileSync(out('mail.txt'), 'utf8')).toMatch(/^Subject: \[paseka\] small \S+: 1 of 2 failed \(/);
    await runTool(['xmllint', '--noout', '--schema', junitSchema, out('junit.xml')]);

    const { document: second } = await rebuild([...engine.from, 'gamma', 'unsatisfiable'], 1, place);
    const again = await report(second.campaign.id, ...kinds);
    expect(again.failingSince).toEqual(document.failingSince);
    expect(lines(out('tree/ftbfs-since'))).toEqual(since);
    expect(readdirSync(join(latest, 'success'))).toEqual(['gamma-0.1~rc1']);
    const told = await paseka(['campaign', 'report', second.campaign.id], place);
    expect(told.stdout).toBe(readFileSync(out('mail.txt'), 'utf8'));
    expect(told.stdout).toMatch(/unsatisfiable 1\.0: .*\n +fails since \d{4}-/);

    const before = readlinkSync(latest);
    const { stderr } = await paseka(['campaign', 'report', one.id, '--tree', out('tree')], place);
    expect(stderr).toContain('has a newer campaign');
    expect(readlinkSync(latest)).toBe(before);
    expect(readdirSync(out('tree/campaigns'))).toHaveLength(2);

    await checkRepository(out('repository'), place.state);
    const signed = await report(second.campaign.id, '--repository', out('repository'));
    expect(signed.written).toEqual({ repository: out('repository') });
    expect(readdirSync(out('repository/pool/main'))).toEqual(['g']);
    const { error } = await pasekaJson<ErrorDocument>(
      ['campaign', 'report', one.id, '--repository', place.scratch],
      2,
      place,
    );
    expect(error.message).toContain('something else than a repository');
    const nobody = await pasekaJson<ErrorDocument>(['campaign', 'report', 'nobody'], 2, place);
    expect(nobody.error.code).toBe('unknown-campaign');
  });

  /** Real apt installs from it, and it can be signed, frozen and laid over. */
  async function checkRepository(repository: string, state: string): Promise<void> {
    await using temporary = await makeTemporaryDirectory('root-');
    const root = join(temporary.path, 'root');
    const base = readdirSync(join(state, 'bases')).map((name) => join(state, 'bases', name, 'root'))[0] ?? '';
    await runTool(['cp', '-a', base, root]);
    cpSync(repository, join(root, 'repository'), { recursive: true, verbatimSymlinks: true });
    const [line = ''] = lines(join(repository, 'README')).filter((text) =>
      text.startsWith('    deb [trusted'),
    );
    writeFileSync(join(root, 'etc/apt/sources.list.d/paseka.sources'), '');
    writeFileSync(
      join(root, 'etc/apt/sources.list'),
      `${line.trim().replace(`file:${repository}`, 'copy:/repository')}\n`,
    );
    const apt = ['apt-get', '-o', 'APT::Sandbox::User=root', '-o', 'Acquire::Languages=none'];
    const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive' };
    await runTool(['chroot', root, ...apt, 'update'], { environment });
    await runTool(['chroot', root, ...apt, '--yes', 'install', 'alpha'], { environment });
    expect(existsSync(join(root, 'usr/share/doc/alpha/readme'))).toBe(true);

    const dist = join(repository, 'dists/small-rebuilt');
    await using key = await makeSigningKey(join(temporary.path, 'gpg'));
    await key.clearSign(join(dist, 'Release'), join(dist, 'InRelease'));
    const sources = join(temporary.path, 'own.sources');
    writeFileSync(
      sources,
      `Types: deb deb-src\nURIs: file:${repository}\nSuites: small-rebuilt\nComponents: main\nSigned-By: ${key.keyring}\n`,
    );
    const own = join(temporary.path, 'state');
    mkdirSync(own);
    const snapshot = await pasekaJson<{ readonly snapshot: { readonly releases: readonly object[] } }>(
      ['snapshot', 'create', '--sources', sources],
      0,
      { state: own },
    );
    expect(snapshot.snapshot.releases).toMatchObject([{ origin: 'paseka', signed: true }]);
    const check = await paseka(['check', '--quiet', '--sources', sources], { state: own });
    expect(check).toMatchObject({ status: 1 }); // the source needs hive-tool, which was not built here
    expect(check.stdout).toMatch(/^alpha +1\.1 +the source needs hive-tool/m);
    const resolved = await pasekaJson<{ readonly packages: readonly { readonly from?: string }[] }>(
      ['resolve', ...engine.from, '--with', repository, '--package', 'alpha'],
      0,
      { state },
    );
    expect(resolved.packages).toMatchObject([{ from: 'local' }]);
  }
});
