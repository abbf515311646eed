// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaignEvents } from '../../tests/support/random-events.ts';
import type { RecordedEvent } from '../events/events.ts';
import { applyEvent, emptyCampaign } from '../events/fold.ts';
import { isLight, withWholeTasks } from '../events/light-task.ts';
import { EndedTasks } from './ended-tasks.ts';

/** As far as one process goes: it opens nothing again that it has seen the end of. */
function ofOneProcess(events: readonly RecordedEvent[]): readonly RecordedEvent[] {
  const end = events.findIndex(({ type }) => type === 'task-reopened');
  return end < 0 ? events : events.slice(0, end);
}

test('nothing that counts changes, and with the database’s help all of it is there again', () => {
  fc.assert(
    fc.property(campaignEvents, fc.nat(9), (all, behind) => {
      const whole = emptyCampaign();
      const state = emptyCampaign();
      const ended = new EndedTasks(() => state.seq - behind);
      for (const event of ofOneProcess(all)) {
        applyEvent(whole, event);
        applyEvent(state, event);
        ended.read(event, state);
        expect({ ...state, tasks: null }).toEqual({ ...whole, tasks: null });
        for (const [id, task] of state.tasks) {
          const { source, status, outcome, verdict, checked, attempts } = whole.tasks.get(id) ?? {};
          expect(task).toMatchObject({
            source,
            status,
            ...(status === 'ended' ? { checked } : { attempts }),
          });
          expect([task.outcome, task.verdict]).toEqual([outcome, verdict]);
        }
      }
      expect(withWholeTasks(state, whole)).toEqual(whole);
    }),
  );
});

test('what has ended and is in the database is kept light, the last one and what this host has ended are not', () => {
  const state = emptyCampaign();
  let committed = 0;
  const ended = new EndedTasks(() => committed);
  const emit = (event: Omit<RecordedEvent, 'seq' | 'at'>): void => {
    const recorded = { ...event, seq: state.seq + 1, at: 1 } as RecordedEvent;
    applyEvent(state, recorded);
    ended.read(recorded, state);
  };
  const usage = { wallMs: 1, buildMs: 1, buildCpuMs: 1, cpuMs: 1, peakMemoryBytes: 1, upperBytes: 1 };
  const light = (): boolean[] => [...state.tasks.values()].map(isLight);
  for (let task = 0; task < 5; task++) {
    const built = { kind: 'built' } as const;
    const outcome = task === 1 ? ({ kind: 'host-fault', code: 'disk-full', message: 'm' } as const) : built;
    emit({ type: 'task-added', task, source: 's', version: '1' } as never);
    emit({ type: 'attempt-started', task, attempt: 1, log: 'x' } as never);
    emit({ type: 'attempt-ended', task, attempt: 1, outcome, usage, artifacts: [] } as never);
    emit({ type: 'task-ended', task, outcome } as never);
    if (task < 3) committed = state.seq;
  }
  expect(light()).toEqual([true, false, true, false, false]);
});
