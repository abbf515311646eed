// SPDX-License-Identifier: GPL-2.0-or-later
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { sha256 } from '../../src/base/digest.ts';
import type { ChangeUnderTest } from '../../src/events/events.ts';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { type ErrorDocument, pasekaJson } from '../support/paseka.ts';
import { type RebuildAnswer, rebuild } from '../support/rebuild-document.ts';
import { makeBinaryPackage } from '../support/small-packages.ts';
import { SmallRepository } from '../support/small-repository.ts';

interface ResolveDocument {
  readonly packages: readonly { readonly name: string; readonly version: string; readonly from?: string }[];
}

/** What the campaign says that it tries out. */
function changeOf(answer: RebuildAnswer): ChangeUnderTest | undefined {
  return answer.document.campaign['change'] as ChangeUnderTest | undefined;
}

/** Writes a `.changes` for a package, true or not. */
function writeChanges(deb: string, digest: string, bytes: number): string {
  const path = deb.replace(/\.deb$/, '.changes');
  const row = ` ${digest} ${bytes} ${basename(deb)}\n`;
  writeFileSync(path, `Source: hive\nVersion: 2\nChecksums-Sha256:\n${row}`);
  return path;
}

engineTests('overlays', (engine) => {
  const without = ['--no-install-check'];
  const chosen = async (place: Place, words: readonly string[]): Promise<ResolveDocument['packages']> => {
    const given = ['resolve', ...engine.from, 'alpha', ...words.flatMap((word) => ['--with', word])];
    return (await pasekaJson<ResolveDocument>(given, 0, place)).packages;
  };

  test('a .changes is checked against its files', async () => {
    await using place = await makePlace(engine);
    const deb = await makeBinaryPackage({ name: 'hive-tool', version: '2.0' }, place.scratch);
    const content = readFileSync(deb);
    const changes = writeChanges(deb, sha256(content), content.length);
    expect(await chosen(place, [changes])).toMatchObject([
      { name: 'hive-tool', version: '2.0', from: 'local' },
    ]);
    const refused = async (): Promise<ErrorDocument['error']> => {
      const words = ['rebuild', ...engine.from, '--with', changes, 'alpha'];
      return (await pasekaJson<ErrorDocument>(words, 2, place)).error;
    };
    writeChanges(deb, sha256('another'), content.length);
    expect(await refused()).toMatchObject({
      code: 'bad-changes-file',
      message: expect.stringContaining(`has SHA-256 ${sha256(content)}, and not ${sha256('another')}`),
    });
    writeChanges(deb, sha256(content), content.length);
    appendFileSync(deb, 'more');
    expect(await refused()).toMatchObject({
      code: 'bad-changes-file',
      message: expect.stringContaining(`has ${content.length + 4} bytes, and not ${content.length}`),
    });
    rmSync(deb);
    expect((await refused()).message).toContain(`${basename(deb)} is missing beside it`);
  });

  test('a repository lies over the snapshot: signed, declared trusted, or a flat directory', async () => {
    await using place = await makePlace(engine);
    await using signed = await SmallRepository.make({ suite: 'extra' });
    await signed.addBinary({ name: 'hive-tool', version: '0.5', fields: { Depends: 'extra-data' } });
    await signed.addBinary({ name: 'hive-tool', version: '0.4' });
    await signed.addBinary({ name: 'extra-data', version: '7' });
    await signed.addBinary({ name: 'far', architecture: 's390x' });
    await signed.publish();
    const expected = [
      { name: 'extra-data', version: '7', from: 'local' },
      { name: 'hive-tool', version: '0.5', from: 'local' },
    ];
    const { uri, signedBy = '' } = signed.repository();
    const sources = join(place.scratch, 'extra.sources');
    const stanza = (more: string): string => {
      writeFileSync(sources, `Types: deb\nURIs: ${uri}\nSuites: extra\nComponents: main\n${more}`);
      return sources;
    };
    const withKey = await chosen(place, [stanza(`Signed-By: ${signedBy}\n`)]);
    expect(withKey.map(({ name, version, from }) => ({ name, version, from }))).toEqual(expected);
    expect(await chosen(place, [`deb [trusted=yes] ${uri} extra main`])).toEqual(withKey);
    const unsigned = ['resolve', ...engine.from, '--with', stanza(''), 'alpha'];
    expect(await pasekaJson<ErrorDocument>(unsigned, 3, place)).toMatchObject({
      error: { code: 'signature-invalid' },
    });

    await using flat = await SmallRepository.make({ components: [], signature: 'no-release-file' });
    await flat.addBinary({ name: 'hive-tool', version: '0.6' });
    await flat.publish();
    rmSync(flat.indexPath({ kind: 'packages' })); // the compressed one is left
    expect(await chosen(place, [flat.directory])).toMatchObject([{ version: '0.6', from: 'local' }]);
    expect(await chosen(place, [flat.directory, stanza('Trusted: yes\n')])).toMatchObject([
      { name: 'hive-tool', version: '0.6' },
    ]);
  });

  test('the campaign keeps it by content: the same from elsewhere is the same, and outlives the files', async () => {
    await using place = await makePlace(engine);
    const own = join(place.scratch, 'own');
    mkdirSync(own);
    const tool = await makeBinaryPackage({ name: 'hive-tool', version: '3.0' }, own);
    const data = await makeBinaryPackage({ name: 'hive-data', version: '3.0' }, place.scratch);
    const build = (...words: string[]): Promise<RebuildAnswer> =>
      rebuild([...engine.from, ...without, ...words, 'alpha'], 0, place);
    const first = changeOf(await build('--with', own, '--with', data));
    const second = changeOf(await build('--with', data, '--with', tool));
    expect(second?.overlay).toBe(first?.overlay);
    expect(changeOf(await build('--with', tool))?.overlay).not.toBe(first?.overlay);
    expect(changeOf(await build())).toBeUndefined();
    const kept = first?.packages.find(({ name }) => name === 'hive-tool');
    expect(kept).toMatchObject({ version: '3.0', architecture: 'all', fileName: 'hive-tool_3.0_all.deb' });
    const content = readFileSync(tool);
    rmSync(own, { recursive: true });
    const digest = kept?.sha256 ?? '';
    expect(digest).toBe(sha256(content));
    const pooled = join(place.state, 'pool', digest.slice(0, 2), digest);
    await pasekaJson(['gc', '--older-than', '1s', '--max-size', '1'], 0, place);
    expect(existsSync(pooled) && readFileSync(pooled).equals(content)).toBe(true);
  });

  test('what can’t be installed over the snapshot is said before anything is built', async () => {
    await using place = await makePlace(engine);
    const lost = await makeBinaryPackage({ name: 'lost', fields: { Depends: 'hive-dada' } }, place.scratch);
    const foe = await makeBinaryPackage(
      { name: 'foe', fields: { Depends: 'hive-tool', Conflicts: 'hive-data' } },
      place.scratch,
    );
    const { stderr } = await rebuild(
      [...engine.from, ...without, '--with', lost, '--with', foe, 'gamma'],
      0,
      place,
    );
    const said = stderr.split('\n');
    const start = said.findIndex((line) => line.startsWith('gamma: started'));
    const warnings = said.slice(0, start).filter((line) => line.startsWith('warning: '));
    expect(warnings).toHaveLength(2);
    expect(warnings[0]).toMatch(/^warning: lost 1.0 can't be installed over the snapshot: .*hive-dada/);
    expect(warnings[1]).toMatch(
      /^warning: foe 1.0 can't be installed over the snapshot: .*excludes hive-data/,
    );
  });
});
