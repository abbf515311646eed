// SPDX-License-Identifier: GPL-2.0-or-later
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuilding, requires } from '../support/capabilities.ts';
import { pasekaJson } from '../support/paseka.ts';
import { rebuild, type TaskDocument } from '../support/rebuild-document.ts';
import { buildPackageOfFiles } from '../support/rpm/package-of-files.ts';
import { rpmDistribution } from '../support/rpm/rpm-distribution.ts';
import { writeSource } from '../support/rpm/written-source.ts';
import { makeTemporaryDirectory, type TemporaryDirectory } from '../support/temporary-directory.ts';

requires(...rebuilding, 'userns')('sources of RPM packages that make it hard', () => {
  let from: readonly string[];
  let place: TemporaryDirectory;

  beforeAll(async () => {
    from = ['--sources', (await rpmDistribution()).repoFile];
    place = await makeTemporaryDirectory('rpm-odd-');
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const rebuildOne = async (
    source: string,
    status: number,
    ...words: readonly string[]
  ): Promise<TaskDocument> => {
    const { document } = await rebuild([source, ...words, ...from], status, {
      state: join(place.path, 'state'),
    });
    expect(document.tasks).toHaveLength(1);
    return document.tasks[0] as TaskDocument;
  };

  test.each([
    ['%build', 'error: Architecture is not included: s390x', 1],
    ['%check', 'error: Failed build dependencies:\\n\\tflex is needed by says-1-1.noarch', 1],
    // so much after it that the beginning is not at hand any more
    ['%check', 'error: Architecture is excluded: x86_64', 3000],
  ])('what %s prints is not what rpmbuild says: %s', async (section, words, times) => {
    const name = `says-${section.slice(1)}-${times}`;
    const script = `for i in $(seq ${times}); do printf '${words}\\nand goes on\\n'; done >&2; exit 7`;
    const said = await rebuildOne(
      await writeSource(place.path, { name, sections: `${section}\n${script}` }),
      1,
    );
    expect(said).toMatchObject({ outcome: 'failed', stage: 'build', attempts: 1 });
  });

  test('a round that asks for another package instead goes on; one that comes back to a set that was tried does not', async () => {
    const given: string[] = [];
    for (const name of ['bee-one', 'bee-two']) {
      const files = { [`/usr/share/${name}`]: 'buzz\n' };
      given.push('--with', await buildPackageOfFiles({ name, files }, place.path));
    }
    const rounds = (twice: string): string =>
      [
        ...['%generate_buildrequires', 'cd /usr/share', `if [ -e bee-two ]; then echo ${twice}`],
        ...[
          'elif [ -e bee-one ]; then echo bee-two',
          'else echo bee-one; fi',
          '%build',
          'ls /usr/share/bee-*',
        ],
      ].join('\n');
    const exchanges = { name: 'exchanges', sections: rounds('bee-two') };
    const built = await rebuildOne(await writeSource(place.path, exchanges), 0, ...given);
    const log = readFileSync(built.log ?? '', 'utf8');
    expect([...log.matchAll(/it needs more: (.*)/g)].map(([, more]) => more)).toEqual(['bee-one', 'bee-two']);
    const circles = { name: 'circles', sections: rounds('bee-one') };
    const circled = await rebuildOne(await writeSource(place.path, circles), 1, ...given);
    expect(circled).toMatchObject({
      stage: 'install-dependencies',
      reason: 'it asks for what is installed already, or again and again: bee-one',
    });
    expect(readFileSync(circled.log ?? '', 'utf8').match(/it needs more: /g)).toHaveLength(3);
  });

  test('files that a script made and nobody owns are told, however many they are', async () => {
    const script = [
      '%post',
      `mkdir /opt/swarm "/opt/bee's own"`,
      `cd /opt/swarm; seq --format 'bee-with-a-name-that-is-not-short-%05g' 40000 | xargs touch`,
    ];
    const source = await writeSource(place.path, { name: 'swarming', sections: script.join('\n') });
    const { installChecks } = await rebuildOne(source, 0);
    expect(installChecks).toMatchObject([
      {
        outcome: 'passed',
        warnings: [
          expect.stringMatching(/^owned by no package: \/opt\/bee's own, .* and 39997 more$/),
          expect.stringMatching(/^left behind/),
        ],
      },
    ]);
  });

  test('build dependencies after which rpm does not find what was planned are not installed', async () => {
    const head = ['%post', 'rm -f /var/lib/rpm/rpmdb*'];
    const forgets = await buildPackageOfFiles(
      { name: 'forgets', files: { '/usr/share/forgets': '' }, head },
      place.path,
    );
    const source = await writeSource(place.path, { name: 'remembers', needs: ['forgets'] });
    expect(await rebuildOne(source, 1, '--with', forgets)).toMatchObject({
      outcome: 'failed',
      stage: 'install-dependencies',
      reason: expect.stringMatching(
        /^not installed as planned: rpm finds 0 packages after it, and \d+ were planned$/,
      ),
    });
  });

  test('a layer in which rpm does not say the same is told', async () => {
    const state = join(place.path, 'state');
    const compare = ['layer', 'compare', '--package', 'flex', ...from];
    const { packages } = await pasekaJson<{ packages: number }>(compare, 0, { state });
    const databases = globSync(join(state, 'layers/**/var/lib/rpm/rpmdb.sqlite'));
    const erase = ['rpm', '--erase', '--justdb', '--nodeps', 'flex', '--dbpath'];
    const erased = databases.map(
      (path) => spawnSync('sh', ['-c', '"$@"', 'sh', ...erase, dirname(path)]).status,
    );
    expect(erased).toContain(0);
    expect(await pasekaJson(compare, 1, { state })).toMatchObject({
      equal: false,
      packages,
      differences: [
        {
          path: expect.stringMatching(/^flex \d+:\S+ x86_64 \w+$/),
          what: 'record',
          left: 'not said',
          right: 'said',
        },
      ],
    });
  });
});
