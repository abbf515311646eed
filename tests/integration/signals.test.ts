// SPDX-License-Identifier: GPL-2.0-or-later
import { globSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Engine, engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { paseka, pasekaJson, type RunningPaseka, startPaseka } from '../support/paseka.ts';
import { type RebuildDocument, readRebuildDocument, taskOf } from '../support/rebuild-document.ts';
import { openGate, waiting } from '../support/waiting-build.ts';

engineTests('signals', (engine: Engine) => {
  async function begin(place: Place, ...words: readonly string[]): Promise<RunningPaseka> {
    const source = await place.source(waiting);
    const running = startPaseka(
      ['rebuild', ...engine.from, '--verbose', '--json', '--jobs', '1', ...words, source, 'gamma'],
      place,
    );
    await running.said(/^begun$/m);
    return running;
  }

  /** The document, as it must be after a first signal; what is left of the program's work is none. */
  async function ending(place: Place, running: RunningPaseka): Promise<RebuildDocument> {
    const { status, stdout, stderr } = await running.ended;
    expect(status, stderr).toBe(1);
    const document = readRebuildDocument(stdout);
    expect(document.campaign['cancelled']).toBe(true);
    expect(taskOf(document, 'gamma')).toMatchObject({ outcome: 'cancelled', artifacts: [] });
    expect(globSync(['run/*', 'tmp/*'], { cwd: place.state })).toEqual([]);
    return document;
  }

  test('nobody reads the output any more: the command is stopped, quietly', async () => {
    await using place = await makePlace(engine);
    const { status, stdout, stderr } = await paseka(['run', ...engine.from, '--', 'yes'], {
      state: place.state,
      wrap: (command) => ['sh', '-c', '"$@" | head -n 1', 'sh', ...command],
    });
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'y\n' });
    expect(stderr).toMatch(/^warning: the command was stopped: cancelled\n$/);
    expect(globSync(['run/*', 'tmp/*'], { cwd: place.state })).toEqual([]);
  });

  test('output that can’t be written is told', async () => {
    await using place = await makePlace(engine);
    const { status, stderr } = await paseka(['snapshot', 'list'], {
      state: place.state,
      wrap: (command) => ['sh', '-c', '"$@" > /dev/full', 'sh', ...command],
    });
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: expect.stringMatching(/^paseka: standard output: .*ENOSPC/),
    });
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    test(`${signal}: what runs may end, nothing more begins`, async () => {
      await using place = await makePlace(engine);
      await using running = await begin(place);
      running.kill(signal);
      await running.said(/letting running builds end/);
      openGate(place, running);
      const document = await ending(place, running);
      expect(taskOf(document, 'waiting')).toMatchObject({ outcome: 'failed', reason: 'error: opened' });
    });
  }

  test('where the running builds were the last, nothing is left to go on with', async () => {
    await using place = await makePlace(engine);
    const words = ['rebuild', ...engine.from, '--verbose', await place.source(waiting)];
    await using running = startPaseka(words, place);
    await running.said(/^begun$/m);
    running.kill('SIGINT');
    await running.said(/letting running builds end/);
    openGate(place, running);
    const { status, stdout } = await running.ended;
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining('failed (build)') });
    expect(stdout).not.toContain('campaign resume');
  });

  test('a second SIGINT stops at once', async () => {
    await using place = await makePlace(engine);
    await using running = await begin(place);
    running.kill('SIGINT');
    await running.said(/letting running builds end/);
    running.kill('SIGINT');
    expect(taskOf(await ending(place, running), 'waiting').outcome).toBe('cancelled');
  });

  test('SIGINT while a base is made ends at once', async () => {
    await using place = await makePlace(engine);
    await fs.rm(join(place.state, 'bases'), { recursive: true });
    await using running = startPaseka(['rebuild', ...engine.from, '--json', 'alpha', 'gamma'], place);
    await running.said(/making the build base/);
    running.kill('SIGINT');
    const document = await ending(place, running);
    expect(document.tasks).toMatchObject([
      { outcome: 'cancelled', attempts: 0, log: null },
      { outcome: 'cancelled', attempts: 0, log: null },
    ]);
    expect(globSync('bases/*', { cwd: place.state })).toEqual([]);
  });

  test('the grace period is over', async () => {
    await using place = await makePlace(engine);
    await using running = await begin(place, '--grace', '300ms');
    running.kill('SIGINT');
    expect(taskOf(await ending(place, running), 'waiting').outcome).toBe('cancelled');
  });

  test('results of what had ended are already written', async () => {
    await using place = await makePlace(engine);
    const source = await place.source(waiting);
    await using running = startPaseka(
      ['rebuild', ...engine.from, '--verbose', '--jobs', '2', 'gamma', source],
      place,
    );
    await running.said(/^begun$/m);
    await running.said(/^gamma: built/m);
    running.kill('SIGKILL');
    await running.ended;
    const [results] = globSync(join(place.state, 'campaigns/*/results/gamma_0.1~rc1'));
    expect(globSync('*.deb', { cwd: results ?? '/nowhere' })).toEqual(['gamma_0.1~rc1_all.deb']);
    await pasekaJson(['gc'], 0, place); // takes away what the killed one left
  });
});
