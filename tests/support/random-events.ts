// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import type { TaskState } from '../../src/events/campaign-state.ts';
import type { CampaignEvent, RecordedEvent, TaskId } from '../../src/events/events.ts';
import { applyEvent, emptyCampaign } from '../../src/events/fold.ts';
import type { Outcome } from '../../src/events/outcome.ts';

const usage = { wallMs: 10, buildMs: 5, buildCpuMs: 6, cpuMs: 8, peakMemoryBytes: 1, upperBytes: 2 };
const outcomes: readonly Outcome[] = [
  { kind: 'built' },
  { kind: 'failed', stage: 'build', reason: 'x\ny' },
  { kind: 'cancelled' },
  { kind: 'host-fault', code: 'disk-full', message: 'm' },
];

/** Whole streams that a campaign could give: a few tasks at a time, each somewhere in its life, stops and resumptions. */
export const campaignEvents: fc.Arbitrary<RecordedEvent[]> = fc
  .array(fc.tuple(fc.nat(5), fc.nat(999)), { maxLength: 120 })
  .map((steps) => {
    const state = emptyCampaign();
    const events: RecordedEvent[] = [];
    const emit = (event: CampaignEvent): void => {
      const recorded = { ...event, seq: events.length + 1, at: 1000 + 7 * events.length };
      events.push(recorded);
      applyEvent(state, recorded);
    };
    emit({
      type: 'campaign-started',
      campaign: 'c',
      snapshot: 's',
      suite: 'sid',
      architecture: 'amd64',
      workers: 2,
    });
    for (const [place, choice] of steps) {
      const general = generalEvent(choice);
      if (general !== undefined) emit(general);
      else if (place >= state.totals.tasks) {
        emit({ type: 'task-added', task: state.totals.tasks as TaskId, source: `s${choice}`, version: '1' });
      } else for (const event of nextOf(state.tasks.get(place as TaskId), choice)) emit(event);
    }
    return events;
  });

function generalEvent(choice: number): CampaignEvent | undefined {
  if (choice < 20) return { type: 'campaign-resumed', workers: 3 };
  if (choice < 30) return { type: 'admission-paused', because: 'memory' };
  if (choice < 40) return { type: 'admission-resumed' };
  if (choice < 50) return { type: 'note', level: 'info', message: 'n' };
  if (choice < 60) return { type: 'campaign-ended', cancelled: choice % 2 === 0 };
  if (choice > 60) return undefined;
  return { type: 'resources-sampled', memoryBytes: 1, upperBytes: 2, availableBytes: 3, busyCores: 1 };
}

/** What may happen next to a task in that state; `choice` decides among it. */
function nextOf(state: TaskState | undefined, choice: number): CampaignEvent[] {
  if (state === undefined) return [];
  const { task } = state;
  const last = state.attempts.at(-1);
  const outcome = outcomes[choice % outcomes.length] ?? { kind: 'built' };
  if (state.status === 'ended') {
    if (choice % 3 === 0) return [{ type: 'task-reopened', task }];
    return [{ type: 'task-judged', task, verdict: choice % 2 === 0 ? 'flaky' : 'regression' }];
  }
  if (last === undefined || last.endedAt !== undefined) {
    if (last !== undefined && choice % 3 === 0) return [{ type: 'task-ended', task, outcome }];
    return [{ type: 'attempt-started', task, attempt: (last?.attempt ?? 0) + 1, log: `logs/${choice}` }];
  }
  if (state.status === 'preparing' && choice % 3 === 0) {
    return [
      { type: 'attempt-ready', task },
      { type: 'worker-assigned', task, worker: choice % 2, parallel: 2 },
    ];
  }
  if (choice % 4 === 1) return [{ type: 'phase-started', task, phase: 'build' }];
  if (choice % 4 === 2) {
    const check = {
      package: 'p',
      version: '1',
      outcome: { kind: 'passed' },
      warnings: [],
      wallMs: 1,
    } as const;
    return [{ type: 'install-check-ended', task, ...check }];
  }
  return [{ type: 'attempt-ended', task, attempt: last.attempt, outcome, usage, artifacts: [] }];
}
