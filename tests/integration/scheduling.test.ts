// SPDX-License-Identifier: GPL-2.0-or-later
import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../src/events/events.ts';
import { buildingWith, engineTests, makePlace, type Place } from '../support/engine-tests.ts';
import { paseka } from '../support/paseka.ts';
import { type RebuildDocument, rebuild, taskOf } from '../support/rebuild-document.ts';
import type { SmallSource } from '../support/small-packages.ts';

const megabyte = 1024 * 1024;

engineTests('scheduling', (engine) => {
  test('memory for one at a time: no two run at once, and what needs more than all of it is stopped', async () => {
    await using place = await makePlace(engine);
    const glutton = buildingWith('glutton', `perl -e 'my $x = "x" x (600 << 20); print length $x'`);
    const sources = [glutton, packageOf('one', 'true'), packageOf('two', 'true')];
    const words = await Promise.all(sources.map((source) => place.source(source)));
    // what nothing is known of is expected to take 384 MiB
    const options = ['--memory', '400M', '--jobs', '2', '--no-install-check'];
    const { document } = await rebuild([...engine.from, ...options, ...words], 1, place);
    expect(document.campaign).toMatchObject({ memoryBudgetBytes: 400 * megabyte });
    expect(taskOf(document, 'glutton')).toMatchObject({
      outcome: 'out-of-memory',
      limitBytes: 400 * megabyte,
      attempts: 1,
    });
    expect(taskOf(document, 'one').outcome).toBe('built');
    expect(taskOf(document, 'two').outcome).toBe('built');
    const spans = runsIn(await eventsOf(document, place));
    expect(spans).toHaveLength(3);
    for (const [index, span] of spans.entries()) {
      for (const other of spans.slice(index + 1))
        expect(span.to < other.from || other.to < span.from).toBe(true);
    }
  });

  test.skipIf(availableParallelism() < 2)(
    'what fails beside others and is built alone is flaky',
    async () => {
      await using place = await makePlace(engine);
      // with another one waiting each is given half of the cores, alone all of them
      const script = `case " $DEB_BUILD_OPTIONS " in *" parallel=${availableParallelism()} "*) ;; *) exit 3 ;; esac`;
      const sources = ['one', 'two'].map((name) => packageOf(name, script));
      const words = await Promise.all(sources.map((source) => place.source(source)));
      const options = ['--jobs', '2', '--retries', '1', '--no-install-check'];
      const { document } = await rebuild([...engine.from, ...options, ...words], 0, place);
      const flaky = document.tasks.filter(({ attempts }) => attempts === 2);
      expect(flaky.length).toBeGreaterThan(0);
      for (const task of flaky) expect(task).toMatchObject({ outcome: 'built', verdict: 'flaky' });
      const events = await eventsOf(document, place);
      const alone = events.filter((event) => event.type === 'worker-assigned' && event.alone === true);
      expect(alone).toHaveLength(flaky.length);
      expect(events.some(({ type }) => type === 'resources-sampled')).toBe(true);
    },
  );
});

/** A source that gives a package, after this line of shell. */
function packageOf(name: string, script: string): SmallSource {
  const rules = `#!/usr/bin/make -f
build: debian/built
debian/built:
	sh debian/build
	touch $@
clean:
binary: build
	mkdir -p debian/tmp/DEBIAN
	dpkg-gencontrol
	dpkg-deb --build debian/tmp ..
`;
  return { ...buildingWith(name, script), rules };
}

async function eventsOf(document: RebuildDocument, place: Place): Promise<RecordedEvent[]> {
  const { stdout } = await paseka(['campaign', 'export', '--events', document.campaign.id], place);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedEvent);
}

/** From where to where in the stream each attempt had a worker. */
function runsIn(events: readonly RecordedEvent[]): { readonly from: number; readonly to: number }[] {
  return events.flatMap((event) => {
    if (event.type !== 'worker-assigned') return [];
    const end = events.find(
      (later) => later.type === 'attempt-ended' && later.task === event.task && later.seq > event.seq,
    );
    return [{ from: event.seq, to: end?.seq ?? Number.POSITIVE_INFINITY }];
  });
}
