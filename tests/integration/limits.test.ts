// SPDX-License-Identifier: GPL-2.0-or-later
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildingWith, engineTests, makePlace } from '../support/engine-tests.ts';
import { rebuild, type TaskDocument, taskOf } from '../support/rebuild-document.ts';

const megabyte = 1024 * 1024;

engineTests('limits of builds', (engine) => {
  /** Rebuilds a source that does this, under these limits; its task. */
  async function build(script: string, limits: readonly string[]): Promise<TaskDocument> {
    await using place = await makePlace(engine);
    const source = await place.source(buildingWith('greedy', script));
    const { document } = await rebuild([...engine.from, ...limits, source], 1, place);
    const task = taskOf(document, 'greedy');
    if (task.log !== null) expect(readFileSync(task.log, 'utf8')).toContain(` ${task.outcome} ==\n`);
    return task;
  }

  test('wall-clock time', async () => {
    const task = await build('while :; do echo busy; sleep 0.2; done', ['--timeout', '8s']);
    expect(task).toMatchObject({ outcome: 'timed-out', limitMs: 8000 });
  });

  test('time without output', async () => {
    const task = await build('sleep infinity', ['--idle-timeout', '3s']);
    expect(task).toMatchObject({ outcome: 'idle-timed-out', limitMs: 3000 });
  });

  test('output', async () => {
    await using place = await makePlace(engine);
    const source = await place.source(buildingWith('greedy', 'yes'));
    const { document } = await rebuild([...engine.from, '--output-limit', '1M', source], 1, place);
    const task = taskOf(document, 'greedy');
    expect(task).toMatchObject({ outcome: 'output-limit', limitBytes: megabyte });
    expect(statSync(task.log ?? '').size).toBeLessThan(2 * megabyte);
  });

  test('memory', async () => {
    const script = `perl -e 'my $x = "x" x (600 << 20); print length $x, "\\n"; sleep 60'`;
    const task = await build(script, ['--memory-limit', '200M']);
    expect(task).toMatchObject({ outcome: 'out-of-memory', limitBytes: 200 * megabyte });
  });

  test('processes', async () => {
    const task = await build('i=0; while [ $i -lt 200 ]; do sleep 600 & i=$((i+1)); done; wait', [
      '--process-limit',
      '50',
    ]);
    expect(task).toMatchObject({ outcome: 'process-limit', limit: 50 });
  });

  for (const upper of ['tmpfs', 'disk']) {
    test(`what it writes, upper in ${upper}`, async () => {
      const script = 'head -c 200M /dev/zero > large && sleep 2 && sync large';
      const task = await build(script, ['--upper', upper, '--upper-size', '60M']);
      expect(task).toMatchObject({ outcome: 'disk-full', limitBytes: 60 * megabyte });
      expect(task.upperBytes).toBeGreaterThan(50 * megabyte);
    });
  }
});
