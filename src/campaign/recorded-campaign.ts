// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { CampaignStore } from '../db/campaign-store.ts';
import { CampaignWriter } from '../db/campaign-writer.ts';
import type { Database } from '../db/database.ts';
import type { Distribution } from '../distro/distribution.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import type { CampaignEvent, PredictedUse, TaskId } from '../events/events.ts';
import { makeDirectory, removeTree } from '../host/files.ts';
import type { StateDirectory } from '../host/state-directory.ts';
import { steadyClock } from '../host/steady-clock.ts';
import { makeCampaignId } from './campaign-directory.ts';
import { type CampaignRequest, keepLocalSources } from './campaign-request.ts';
import { EventRecorder } from './event-recorder.ts';
import { LogPacker } from './pack-logs.ts';

/** A campaign that this process runs: its events go to the database, its logs are packed. Disposing writes what is left. */
export interface RecordedCampaign extends AsyncDisposable {
  readonly id: string;
  /** Logs and results are below it. */
  readonly directory: string;
  readonly recorder: EventRecorder;
  /** Of all tasks, in their order. */
  readonly sources: readonly SourceInput[];
  readonly request: CampaignRequest;
  /**
   * Tells that it starts, or goes on, as the first events: whoever wants to see all of them subscribes before. All its tasks
   * are in the database when this returns, and everything that is needed to go on with it.
   */
  start(): void;
  /** Why nothing new should begin: what happens can't be written down, for want of room on the disk. */
  heldBecause(): string | undefined;
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
  const id = makeCampaignId(now());
  const directory = join(places.state.campaigns, id);
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
  let heldBecause: string | undefined;
  const writer = new CampaignWriter(database, {
    request: JSON.stringify(campaign.request),
    onDiskFull: (error) => {
      heldBecause = error?.message;
    },
  });
  recorder.subscribe(writer.write);
  recorder.subscribe(packer.read);
  return {
    ...campaign,
    recorder,
    start: () => {
      begin(packer);
      writer.commit();
    },
    heldBecause: () => heldBecause,
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
