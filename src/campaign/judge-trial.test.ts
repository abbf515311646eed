// SPDX-License-Identifier: GPL-2.0-or-later
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EarlierTry } from '../db/earlier-tries.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import type { CampaignEvent, TaskId, Verdict } from '../events/events.ts';
import { emptyCampaign } from '../events/fold.ts';
import type { Outcome } from '../events/outcome.ts';
import { judgeTrial } from './judge-trial.ts';

const built: Outcome = { kind: 'built' };
const failed: Outcome = { kind: 'failed', stage: 'build', reason: 'a' };
const failedCheck: Outcome = { kind: 'failed', stage: 'install-check', reason: 'a' };
const unsatisfiable: Outcome = { kind: 'dependencies-unsatisfiable', explanation: 'x' };
const hostFault: Outcome = { kind: 'host-fault', code: 'disk-full', message: 'x' };
const cancelled: Outcome = { kind: 'cancelled' };

/** A campaign in which the source at each place had these attempts. */
function campaign(tasks: ReadonlyMap<number, readonly Outcome[]>): CampaignState {
  const state = emptyCampaign();
  for (const [place, outcomes] of tasks) {
    const outcome = outcomes.at(-1);
    const task = state.tasks.size as TaskId;
    state.tasks.set(task, {
      task,
      source: `s${place}`,
      version: '1',
      status: 'ended',
      attempts: outcomes.map((one, index) => ({ attempt: index + 1, log: '', startedAt: 0, outcome: one })),
      phases: [],
      installChecks: [],
      checked: 0,
      checkedPassed: 0,
      artifacts: [],
      ...(outcome === undefined ? {} : { outcome }),
    });
  }
  return state;
}

function earlier(...outcomes: readonly Outcome[]): EarlierTry {
  const outcome = outcomes.at(-1) ?? built;
  return { campaign: 'c', outcome, attempts: outcomes.map((one) => ({ outcome: one })), isChecked: false };
}

const sourceOf = (place: number, kind: SourceInput['kind'] = 'repository'): SourceInput =>
  kind === 'repository'
    ? { kind, name: `s${place}`, version: '1', files: [] }
    : { kind: 'directory', name: `s${place}`, version: '1', path: '/nowhere' };

interface Trial {
  readonly candidate: readonly (readonly Outcome[])[];
  readonly earlier?: ReadonlyMap<number, readonly EarlierTry[]>;
  /** What becomes of a source without the change; undefined where nothing may be built. */
  readonly without?: (place: number) => readonly Outcome[];
  readonly kinds?: readonly SourceInput['kind'][];
}

/** The verdicts by task, and which sources were built without the change. */
async function judged(trial: Trial): Promise<{ verdicts: (Verdict | undefined)[]; wanted: string[] }> {
  const candidate = campaign(new Map(trial.candidate.entries()));
  const told = new Map<number, Verdict>();
  const wanted: string[] = [];
  await judgeTrial({
    candidate,
    recorder: {
      emit: (event: CampaignEvent) => {
        if (event.type === 'task-judged') told.set(event.task, event.verdict);
      },
    },
    sources: trial.candidate.map((_, place) => sourceOf(place, trial.kinds?.[place])),
    earlier: new Map([...(trial.earlier ?? [])].map(([place, tries]) => [place as TaskId, tries])),
    buildWithout: async (sources) => {
      wanted.push(...sources.map(({ name }) => name));
      const { without } = trial;
      if (without === undefined) return undefined;
      const places = sources.map(({ name }) => Number(name.slice(1)));
      return campaign(new Map(places.map((place) => [place, without(place)])));
    },
  });
  return { verdicts: trial.candidate.map((_, place) => told.get(place)), wanted };
}

test('what an earlier campaign tells is not built again, and the first of them is believed', async () => {
  const known = new Map([
    [0, [earlier(built), earlier(failed)]],
    [1, [earlier(failed)]],
    [2, [earlier(failed, built)]],
  ]);
  expect(await judged({ candidate: [[failed], [built], [failed], [failed]], earlier: known })).toEqual({
    verdicts: ['regression', 'fixed', 'flaky', undefined],
    wanted: ['s3'],
  });
});

test('a source of the user’s own may have changed since: no earlier campaign tells of it', async () => {
  const trial = {
    candidate: [[failed]],
    kinds: ['directory'],
    earlier: new Map([[0, [earlier(built)]]]),
  } as const;
  expect(await judged({ ...trial, without: () => [failed] })).toEqual({
    verdicts: ['already-broken'],
    wanted: ['s0'],
  });
});

test('a build alone says nothing of an install check', async () => {
  const checked = { ...earlier(built), isChecked: true };
  const of = async (one: EarlierTry): Promise<string[]> =>
    (await judged({ candidate: [[failedCheck]], earlier: new Map([[0, [one]]]) })).wanted;
  expect(await of(earlier(built))).toEqual(['s0']);
  expect(await of(checked)).toEqual([]);
  expect(await of(earlier(failed))).toEqual([]);
});

const anyOutcomes = fc.array(
  fc.constantFrom(built, failed, failedCheck, unsatisfiable, hostFault, cancelled),
  {
    minLength: 1,
    maxLength: 3,
  },
);
const anyEarlier = fc
  .array(fc.constantFrom(built, failed, unsatisfiable), { minLength: 1, maxLength: 2 })
  .map((outcomes) => earlier(...outcomes));

test('regressions were built without the change, and only what failed with it is built again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(anyOutcomes, anyOutcomes, fc.option(anyEarlier)), { maxLength: 6 }),
      async (tasks) => {
        const candidate = tasks.map(([outcomes]) => outcomes);
        const known = new Map(
          tasks.flatMap(([, , one], place) => (one === null ? [] : [[place, [one]] as const])),
        );
        const without = (place: number): readonly Outcome[] => tasks[place]?.[1] ?? [];
        const { verdicts, wanted } = await judged({ candidate, earlier: known, without });
        for (const [place, verdict] of verdicts.entries()) {
          const outcome = candidate[place]?.at(-1);
          const isWanted = wanted.includes(`s${place}`);
          if (isWanted) expect(outcome?.kind).not.toBe('built');
          if (verdict === 'regression' || verdict === 'newly-unsatisfiable') {
            expect(outcome?.kind).toMatch(/^(failed|dependencies-unsatisfiable)$/);
            const before = isWanted ? without(place).at(-1) : known.get(place)?.[0]?.outcome;
            expect(before === built || before === failedCheck).toBe(true);
          }
          if (verdict === 'fixed') expect(outcome).toBe(built);
          if (outcome?.kind === 'cancelled') expect(verdict).toBeUndefined();
        }
      },
    ),
  );
});
