// SPDX-License-Identifier: GPL-2.0-or-later
import { renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../src/events/events.ts';
import { engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { type PasekaOptions, paseka, pasekaJson, startPaseka } from '../support/paseka.ts';
import { readRebuildDocument, rebuild, taskOf } from '../support/rebuild-document.ts';
import { openGate, waiting } from '../support/waiting-build.ts';

const day = 86_400_000;
const preload = pathToFileURL(resolve(import.meta.dirname, '../support/jumping-clock.ts')).href;

interface ListDocument {
  readonly campaigns: readonly {
    readonly id: string;
    readonly startedAt: string;
    readonly wallMs?: number;
  }[];
}

/** The program on a clock that can be set while it runs. */
class SetClock {
  readonly options: PasekaOptions;
  readonly #file: string;

  constructor(place: Place) {
    this.#file = join(place.scratch, 'clock');
    this.set(0);
    this.options = {
      state: place.state,
      environment: { NODE_OPTIONS: `--import=${preload}`, PASEKA_TEST_CLOCK: this.#file },
    };
  }

  /** @param days away from this machine's own clock. */
  set(days: number): void {
    writeFileSync(`${this.#file}.new`, String(days * day));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

engineTests('a clock that jumps', (engine) => {
  async function eventsOf(id: string, options: PasekaOptions): Promise<RecordedEvent[]> {
    const { stdout } = await paseka(['campaign', 'export', '--events', id], options);
    const lines = stdout.trim().split('\n');
    return lines.map((line) => JSON.parse(line) as RecordedEvent);
  }

  test('in mid-campaign and between campaigns: order, durations, ids and reuse hold', async () => {
    await using place = await makePlace(engine);
    const clock = new SetClock(place);
    const { options } = clock;
    const first = (await rebuild([...engine.from, 'gamma'], 0, options)).document;

    clock.set(40);
    const source = await place.source(waiting);
    const words = ['rebuild', ...engine.from, '--verbose', '--jobs', '2', 'alpha', source];
    const killed = await (async () => {
      await using running = startPaseka(words, options);
      await Promise.all([running.said(/^begun$/m), running.said(/^alpha: built/m)]);
      clock.set(-40);
      // the watch of resources looks each second: an event is told on the clock that was set
      running.kill('SIGKILL');
      await running.ended;
      return (await pasekaJson<ListDocument>(['campaign', 'list'], 0, options)).campaigns[0]?.id ?? '';
    })();
    await using resumed = startPaseka(['campaign', 'resume', killed, '--verbose', '--json'], options);
    await resumed.said(/^begun$/m);
    clock.set(400);
    openGate(place, resumed);
    const end = await resumed.ended;
    expect(end.status, end.stderr).toBe(1);
    const document = readRebuildDocument(end.stdout);
    const events = await eventsOf(killed, options);
    for (const [index, { at }] of events.entries())
      expect(at).toBeGreaterThanOrEqual(events[index - 1]?.at ?? 0);
    expect(document.campaign.wallMs).toBeLessThan(day);
    for (const { wallMs } of document.tasks) expect(wallMs).toBeLessThan(day);
    expect(taskOf(document, 'waiting').wallMs).toBeGreaterThan(0);

    clock.set(-400);
    const third = (await rebuild([...engine.from, 'gamma', 'alpha'], 0, options)).document;
    expect(taskOf(third, 'gamma')['reusedFrom']).toBe(first.campaign.id);
    expect(taskOf(third, 'alpha')['reusedFrom']).toBe(killed);
    const { campaigns } = await pasekaJson<ListDocument>(['campaign', 'list'], 0, options);
    expect(
      campaigns.map(({ id }) => id),
      'newest first',
    ).toEqual([third.campaign.id, killed, first.campaign.id]);
    for (const { wallMs } of campaigns) expect(wallMs).toBeLessThan(day);

    const tree = join(place.scratch, 'tree');
    const publish = async (id: string): Promise<string> => {
      const { status, stderr } = await paseka(['campaign', 'report', id, '--tree', tree], options);
      expect(status, stderr).toBe(0);
      return stderr;
    };
    await publish(killed);
    expect(await publish(third.campaign.id)).not.toContain('newer campaign');
    expect(await publish(killed)).toContain('newer campaign');

    // what was used on a clock that was ahead is no garbage, nor is everything old when it goes forward
    const kept = async (): Promise<unknown[]> =>
      (await pasekaJson<{ removed: unknown[] }>(['gc', '--dry-run'], 0, options)).removed;
    expect(await kept()).toEqual([]);
  });
});
