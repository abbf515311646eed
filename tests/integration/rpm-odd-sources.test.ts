// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rebuilding, requires } from '../support/capabilities.ts';
import { rebuild, type TaskDocument } from '../support/rebuild-document.ts';
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
});
