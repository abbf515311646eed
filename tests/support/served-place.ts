// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { expect } from 'vitest';
import { CampaignStore } from '../../src/db/campaign-store.ts';
import { openDatabase } from '../../src/db/database.ts';
import type { StartedRun } from '../../src/server/api/starts.ts';
import type { Place } from './engine-tests.ts';
import { type Answer, httpAsk } from './http-ask.ts';
import { type RunningPaseka, startPaseka } from './paseka.ts';

const patience = { timeout: 120_000, interval: 50 };

/** `paseka serve` on a place where campaigns can be run. */
export interface ServedPlace extends AsyncDisposable {
  readonly address: string;
  readonly addressWithToken: string;
  get<Document>(path: string): Promise<Document>;
  /** With the token. */
  post(path: string, body: object): Promise<Answer>;
  /** Asks for a start, and waits until its campaign is there or it was refused. */
  start(path: string, body: object): Promise<StartedRun>;
  /** Ends the server by SIGKILL. */
  kill(): Promise<void>;
}

/** Starts it; only the server ends with the result. */
export async function servePlace(place: Place): Promise<ServedPlace> {
  const program: RunningPaseka = startPaseka(['serve', '--listen', '127.0.0.1:0', '--json'], place);
  const { address = '', addressWithToken = '' } = JSON.parse(await program.firstLine()) as Record<
    string,
    string
  >;
  const token = new URL(addressWithToken).searchParams.get('token') ?? '';
  const authorization = `Bearer ${token}`;
  const get = async <Document>(path: string): Promise<Document> => {
    const { status, body } = await httpAsk(address, path, { headers: { authorization } });
    expect(status, `${path}: ${body}`).toBe(200);
    return JSON.parse(body) as Document;
  };
  const post = (path: string, body: object): Promise<Answer> =>
    httpAsk(address, path, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  return {
    address,
    addressWithToken,
    get,
    post,
    start: async (path, body) => {
      const answer = await post(path, body);
      expect(answer.status, answer.body).toBe(202);
      const { start } = JSON.parse(answer.body) as StartedRun;
      const look = (): Promise<StartedRun> => get<StartedRun>(`/api/starts/${start}`);
      await expect.poll(async () => (await look()).status, patience).not.toBe('starting');
      return await look();
    },
    kill: async () => {
      program.kill('SIGKILL');
      await program.ended;
    },
    [Symbol.asyncDispose]: () => program[Symbol.asyncDispose](),
  };
}

/** The status of a campaign, and the process that runs it, by the database. */
export function lookAtCampaign(place: Place, id: string): { status: string; pid: number | undefined } {
  using database = openDatabase(join(place.state, 'paseka.sqlite'));
  const store = new CampaignStore(database);
  return { status: store.find(id).status, pid: store.runner(id)?.pid };
}

/** Waits until a campaign is over with that status, and its process too, so that another may begin. */
export async function untilOver(place: Place, id: string, status: 'ended' | 'cancelled'): Promise<void> {
  await expect.poll(() => lookAtCampaign(place, id), patience).toEqual({ status, pid: undefined });
}
