// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CampaignStore } from '../db/campaign-store.ts';
import { CampaignWriter } from '../db/campaign-writer.ts';
import type { Database } from '../db/database.ts';
import type { Distribution } from '../distro/distribution.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import type { CampaignEvent, PredictedUse, TaskId } from '../events/events.ts';
import { withWholeTasks } from '../events/light-task.ts';
import { freeBytesOf } from '../host/file-system.ts';
import { makeDirectory, pathExists, removeTree } from '../host/files.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { steadyClock } from '../host/steady-clock.ts';
import { diskReason } from '../schedule/disk-gate.ts';
import { makeCampaignId } from './campaign-directory.ts';
import { type CampaignRequest, keepLocalSources } from './campaign-request.ts';
import { EndedTasks } from './ended-tasks.ts';
import { EventRecorder } from './event-recorder.ts';
import { LogPacker } from './pack-logs.ts';

const lookEveryMs = 1000;

/** A campaign that this process runs: its events go to the database, its logs are packed. Disposing writes what is left. */
export interface RecordedCampaign extends AsyncDisposable {
  readonly id: string;
  /** Logs and results are below it. */
  readonly directory: string;
  /** Its state has ended tasks without what rests in the database: see {@link wholeState}. */
  readonly recorder: EventRecorder;
  /** Of all tasks, in their order. */
  readonly sources: readonly SourceInput[];
  readonly request: CampaignRequest;
  /**
   * Tells that it starts, or goes on, as the first events: whoever wants to see all of them subscribes before. All its tasks
   * are in the database when this returns, and everything that is needed to go on with it.
   */
  start(): void;
  /** All that is known of it now, as reports want it; read from the database, in a second or two for 34,000 tasks. */
  wholeState(): CampaignState;
  /** Why nothing new should begin: the disk of the state is full, or so full that what happens can't be written down. */
  heldBecause(): string | undefined;
  /**
   * Fulfilled when all that has happened is in the database: where the disk is full, when there is room again or the signal
   * is aborted; `onWait` is told why, where that takes its time.
   */
  written(signal: AbortSignal, onWait: (reason: string) => void): Promise<void>;
  /** Fulfilled when the logs of all attempts that have ended are packed. */
  logsPacked(): Promise<void>;
}

export interface CampaignPlaces {
  readonly state: Pick<StateDirectory, 'campaigns'>;
  readonly database: Database;
  readonly distribution: Pick<Distribution, 'openLocalSource'>;
}

export interface CampaignStart {
  readonly event: Omit<CampaignEvent & { readonly type: 'campaign-started' }, 'type' | 'campaign'>;
  readonly sources: readonly SourceInput[];
  /** What a source is expected to take. */
  readonly predict: (source: SourceInput) => PredictedUse;
  /** In a staged rebuild: the level of each source, by its place. */
  readonly levels?: ReadonlyMap<number, number>;
  readonly request: Omit<CampaignRequest, 'format' | 'local'>;
}

/**
 * Makes ready a new campaign; the database stays the caller's. Throws PasekaError bad-source-package, disk-full; nothing is
 * left then.
 */
export async function startCampaign(places: CampaignPlaces, start: CampaignStart): Promise<RecordedCampaign> {
  const now = steadyClock();
  const { id, directory } = await freePlace(places.state.campaigns, now());
  try {
    await makeDirectory(join(directory, 'logs'));
    const { sources, local } = await keepLocalSources(start.sources, directory, places.distribution);
    const request: CampaignRequest = { format: 1, ...start.request, local };
    const recorder = new EventRecorder(now);
    return record(places.database, recorder, { id, directory, sources, request }, () => {
      recorder.emit({ type: 'campaign-started', campaign: id, ...start.event });
      for (const [index, source] of sources.entries()) {
        const { name, version } = source;
        const predicted = start.predict(source);
        const level = start.levels?.get(index);
        const staged = level === undefined ? {} : { level };
        const task = index as TaskId;
        recorder.emit({ type: 'task-added', task, source: name, version, predicted, ...staged });
      }
    });
  } catch (error) {
    await removeTree(directory);
    throw error;
  }
}

/** An id that no campaign has: where the clock was set back, one of the same second may be there. */
async function freePlace(
  campaigns: string,
  now: number,
): Promise<Pick<RecordedCampaign, 'id' | 'directory'>> {
  for (;;) {
    const id = makeCampaignId(now);
    const directory = join(campaigns, id);
    if (!(await pathExists(directory))) return { id, directory };
  }
}

export interface CampaignResumption {
  readonly id: string;
  /** As the database has it. */
  readonly state: CampaignState;
  readonly request: CampaignRequest;
  readonly sources: readonly SourceInput[];
  /** Ended tasks that are to be done again. */
  readonly isReopened: (task: TaskState) => boolean;
}

/** Goes on with a campaign that no process runs: what had not ended waits again, and so does what is reopened. */
export function resumeCampaign(places: CampaignPlaces, resumption: CampaignResumption): RecordedCampaign {
  const { id, state, request, sources, isReopened } = resumption;
  const directory = join(places.state.campaigns, id);
  const now = steadyClock(new CampaignStore(places.database).lastEventAt(id));
  const recorder = new EventRecorder(now, state);
  return record(places.database, recorder, { id, directory, sources, request }, (packer) => {
    recorder.emit({ type: 'campaign-resumed', workers: request.options.workers });
    for (const task of recorder.state.tasks.values()) {
      for (const { log } of task.attempts) packer.add(log);
      if (task.status === 'ended' && isReopened(task))
        recorder.emit({ type: 'task-reopened', task: task.task });
    }
  });
}

function record(
  database: Database,
  recorder: EventRecorder,
  campaign: Pick<RecordedCampaign, 'id' | 'directory' | 'sources' | 'request'>,
  begin: (packer: LogPacker) => void,
): RecordedCampaign {
  const packer = new LogPacker(campaign.directory);
  let withoutRoom: string | undefined;
  let heldBecause: string | undefined;
  const writer = new CampaignWriter(database, {
    request: JSON.stringify(campaign.request),
    onDiskFull: (error) => {
      withoutRoom = error?.message;
    },
  });
  const ended = new EndedTasks(() => writer.committedSeq);
  recorder.subscribe(writer.write);
  recorder.subscribe(packer.read);
  recorder.subscribe(ended.read);
  return {
    ...campaign,
    recorder,
    start: () => {
      begin(packer);
      writer.commit();
    },
    wholeState: () => {
      writer.commit();
      return withWholeTasks(recorder.state, new CampaignStore(database).state(campaign.id));
    },
    heldBecause: () => {
      heldBecause = withoutRoom ?? diskReason(freeBytesOf(campaign.directory), heldBecause !== undefined);
      return heldBecause;
    },
    written: async (signal, onWait) => {
      for (let looks = 0; ; looks++) {
        writer.commit();
        if (writer.committedSeq >= recorder.state.seq || signal.aborted) return;
        if (looks === 0) onWait(withoutRoom ?? 'the database is busy');
        await delay(lookEveryMs, undefined, { signal }).catch(() => undefined);
      }
    },
    logsPacked: () => packer[Symbol.asyncDispose](),
    async [Symbol.asyncDispose]() {
      try {
        await packer[Symbol.asyncDispose]();
      } finally {
        await writer[Symbol.asyncDispose]();
      }
    },
  };
}
