// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import { engineTests } from '../support/engine-tests.ts';
import { paseka, pasekaJson } from '../support/paseka.ts';
import { rebuild, taskOf } from '../support/rebuild-document.ts';

engineTests('the real archive', (engine) => {
  test('a source of the host’s own suite is rebuilt and its package installs', async () => {
    const { stateDirectory, suite } = engine.distribution.archive;
    const { document } = await rebuild(['librole-tiny-perl'], 0, { state: stateDirectory });
    expect(document.campaign).toMatchObject({ suite });
    const task = taskOf(document, 'librole-tiny-perl');
    expect(task.artifacts.map(({ file }) => file.replace(/_.*\./, '.'))).toEqual(
      expect.arrayContaining(['librole-tiny-perl.deb', 'librole-tiny-perl.changes']),
    );
    expect(task.installChecks).toMatchObject([
      { package: 'librole-tiny-perl', outcome: 'passed', warnings: [] },
    ]);

    const resolved = await pasekaJson<{ packages: { name: string }[] }>(
      ['resolve', 'librole-tiny-perl', '--suite', suite],
      0,
      { state: stateDirectory },
    );
    const names = resolved.packages.map(({ name }) => name);
    expect(names).toContain('debhelper');
    expect(names).toEqual([...names].sort());
    const near = await paseka(['resolve', 'librole-tinyperl'], { state: stateDirectory });
    expect(near.stderr).toContain('did you mean librole-tiny-perl');
  });
});
