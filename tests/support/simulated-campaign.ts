// SPDX-License-Identifier: GPL-2.0-or-later
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseRequest, reopenRequest, reopenSources } from '../../src/campaign/campaign-request.ts';
import { rebuild } from '../../src/campaign/rebuild.ts';
import {
  type RecordedCampaign,
  resumeCampaign,
  startCampaign,
} from '../../src/campaign/recorded-campaign.ts';
import { CampaignStore } from '../../src/db/campaign-store.ts';
import { type Database, openDatabase } from '../../src/db/database.ts';
import { openStateDirectory } from '../../src/host/state-directory.ts';
import { noHistory } from '../../src/schedule/task-history.ts';
import {
  type SimulatedBuild,
  simulatedContext,
  simulatedOptions,
  simulatedSnapshot,
  simulatedSource,
} from './simulated-context.ts';

/** Most are built; some say enough for their logs to be packed. */
export function buildOf(source: string): SimulatedBuild {
  const number = Number(source.slice('source'.length));
  return { isBuilt: number % 5 !== 3, lines: number % 10 === 0 ? 8_000 : 3 };
}

export interface SimulatedRun {
  readonly statePath: string;
  readonly tasks: number;
  readonly durationMs: () => number;
  /** Called when its first events are kept. */
  readonly onBegin?: () => void;
}

/** Runs a simulated campaign to its end: goes on with the newest of the state directory unless that has ended. */
export async function runSimulatedCampaign(run: SimulatedRun): Promise<string> {
  const state = await openStateDirectory(run.statePath);
  using database = openDatabase(state.database);
  const scratchDirectory = join(state.tmp, `simulated-${process.pid}`);
  mkdirSync(scratchDirectory, { recursive: true });
  const context = simulatedContext({ scratchDirectory, buildOf, durationMs: run.durationMs });
  const places = { state, database, distribution: context.distribution };
  await using campaign = await goOn(database, places, context, run);
  campaign.start();
  run.onBegin?.();
  const { signal } = new AbortController();
  await rebuild(context, {
    sources: campaign.sources,
    options: campaign.request.options,
    directory: campaign.directory,
    recorder: campaign.recorder,
    history: noHistory,
    gauge: { read: () => ({ availableBytes: 1e12, busyCores: 0 }) },
    drain: signal,
    stop: signal,
  });
  return campaign.id;
}

async function goOn(
  database: Database,
  places: Parameters<typeof startCampaign>[0],
  context: ReturnType<typeof simulatedContext>,
  { tasks }: SimulatedRun,
): Promise<RecordedCampaign> {
  const store = new CampaignStore(database);
  const [newest] = store.list();
  if (newest?.status === 'interrupted') {
    const { id } = newest;
    const state = store.state(id);
    const request = parseRequest(store.request(id));
    if (request === undefined) throw new Error('a request that can’t be read');
    return resumeCampaign(places, {
      id,
      state,
      request: await reopenRequest(context, request),
      sources: await reopenSources(context, state, request, join(places.state.campaigns, id)),
      isReopened: ({ outcome }) => outcome?.kind === 'cancelled',
    });
  }
  const { workers } = simulatedOptions;
  const sources = Array.from({ length: tasks }, (_, index) => simulatedSource(`source${index}`));
  return startCampaign(places, {
    event: { snapshot: simulatedSnapshot, suite: 'simulated', architecture: 'amd64', workers },
    sources,
    predict: () => ({ memoryBytes: 1e6, upperBytes: 1e6, cpuMs: 2, wallMs: 2, basis: 'default' }),
    request: {
      options: simulatedOptions,
      reuse: false,
      graceMs: 0,
      trial: { baseline: false, onlyRegressions: false },
    },
  });
}
