// SPDX-License-Identifier: GPL-2.0-or-later
import { expect, test } from 'vitest';
import type { CampaignEvent, TaskId } from '../events/events.ts';
import type { HostReading } from '../host/host-gauge.ts';
import type { ObservedUse } from '../schedule/scheduled-task.ts';
import { Scheduler } from '../schedule/scheduler.ts';
import { EventRecorder } from './event-recorder.ts';
import { ResourceWatch } from './resource-watch.ts';

const calm: HostReading = { availableBytes: 900, busyCores: 1, pressure: { cpu: 0.5, memory: 0, io: 0 } };

/** Two tasks that run, one that waits, and a watch over them. */
function watched(): {
  watch: ResourceWatch;
  events: CampaignEvent[];
  stopped: number[];
  uses: Map<TaskId, ObservedUse>;
  host: { reading: HostReading };
  admit: () => unknown;
  hold: (because: string | undefined) => void;
} {
  const scheduler = new Scheduler({
    workers: 2,
    cores: 2,
    memoryBytes: 1e9,
    upper: { place: 'disk', largestTmpfsBytes: 0 },
    longMs: 0,
  });
  const expected = { memoryBytes: 1, upperBytes: 0, cpuMs: 1, wallMs: 1, basis: 'history' } as const;
  for (const id of [0, 1, 2]) {
    scheduler.add({ id: id as TaskId, expected, level: 0, alone: false, notBefore: 0 });
  }
  scheduler.complete();
  for (let next = scheduler.nextToPrepare(0); next !== undefined; next = scheduler.nextToPrepare(0)) {
    scheduler.prepared(next.id);
  }
  for (const now of [0, 1]) scheduler.admit(now);
  const recorder = new EventRecorder(() => 0);
  const events: CampaignEvent[] = [];
  recorder.subscribe((event) => events.push(event));
  const stopped: number[] = [];
  const uses = new Map<TaskId, ObservedUse>();
  const host = { reading: calm };
  let held: string | undefined;
  const watch = new ResourceWatch({
    gauge: { read: () => host.reading },
    recorder,
    scheduler,
    reserveBytes: 100,
    uses: () => uses,
    stop: (task) => stopped.push(task),
    heldBecause: () => held,
    onLook: () => undefined,
  });
  return {
    watch,
    events,
    stopped,
    uses,
    host,
    admit: () => (scheduler.ended(0 as TaskId), scheduler.admit(2)),
    hold: (because) => {
      held = because;
    },
  };
}

const kinds = (events: readonly CampaignEvent[]): string[] => events.map(({ type }) => type);

test('the first look and each fifth after it is an event', () => {
  const { events, uses, watch } = watched();
  uses.set(0 as TaskId, { memoryBytes: 5, upperBytes: 2 });
  uses.set(1 as TaskId, { memoryBytes: 6, upperBytes: 1 });
  for (let look = 0; look < 6; look++) watch.look();
  expect(kinds(events)).toEqual(['resources-sampled', 'resources-sampled']);
  expect(events[0]).toMatchObject({ memoryBytes: 11, upperBytes: 3, ...calm });
});

test('under pressure nothing begins, and that is told', () => {
  const { admit, events, host, watch } = watched();
  host.reading = { ...calm, pressure: { cpu: 0, memory: 0.5, io: 0 } };
  watch.look();
  watch.look();
  expect(kinds(events)).toEqual(['resources-sampled', 'admission-paused']);
  expect(admit()).toBeUndefined();
  host.reading = calm;
  watch.look();
  expect(kinds(events).at(-1)).toBe('admission-resumed');
  expect(admit()).toBeDefined();
});

test('while the disk is full nothing begins, and that is told', () => {
  const { admit, events, hold, watch } = watched();
  hold('the disk is full');
  watch.look();
  expect(events.at(-1)).toMatchObject({ type: 'admission-paused', because: 'the disk is full' });
  expect(admit()).toBeUndefined();
  hold(undefined);
  watch.look();
  expect(kinds(events).at(-1)).toBe('admission-resumed');
  expect(admit()).toBeDefined();
});

test('when the host’s memory runs short the youngest large build is stopped', () => {
  const { host, stopped, uses, watch } = watched();
  uses.set(0 as TaskId, { memoryBytes: 500, upperBytes: 0 });
  uses.set(1 as TaskId, { memoryBytes: 400, upperBytes: 0 });
  watch.look();
  expect(stopped).toEqual([]);
  host.reading = { ...calm, availableBytes: 50 };
  watch.look();
  watch.look();
  expect(stopped).toEqual([1]);
});

test('a kernel without pressure is told of once, and memory decides', () => {
  const { events, host, watch } = watched();
  host.reading = { availableBytes: 900, busyCores: 0 };
  watch.look();
  watch.look();
  expect(events.filter(({ type }) => type === 'note')).toHaveLength(1);
  host.reading = { availableBytes: 50, busyCores: 0 };
  watch.look();
  expect(kinds(events)).toContain('admission-paused');
});
