// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import { openDatabase } from '../../src/db/database.ts';
import type { RecordedEvent } from '../../src/events/events.ts';
import type { StateDirectory } from '../../src/host/state-directory.ts';
import { startPaseka } from './paseka.ts';
import { makeTestState } from './test-state.ts';
import { writeEvents, writeFiles } from './write-campaign.ts';

/** A state directory with campaigns, and the program's server on it. */
export interface ServedState extends AsyncDisposable {
  readonly state: StateDirectory;
  /** `http://127.0.0.1:PORT`; another one after {@link restart} only where it has to be. */
  readonly address: string;
  readonly token: string;
  readonly pid: number;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again at the same address. */
  restart(...options: readonly string[]): Promise<void>;
}

/** Serves campaigns of these events, the oldest first; of each, `files` tasks have logs and results. */
export async function serveCampaigns(
  campaigns: readonly (readonly RecordedEvent[])[],
  files = 30,
): Promise<ServedState> {
  await using stack = new AsyncDisposableStack();
  const { state } = stack.use(await makeTestState());
  {
    using database = openDatabase(state.database);
    for (const events of campaigns) {
      await writeEvents(database, events);
      const [first] = events;
      if (first?.type !== 'campaign-started') throw new Error('a campaign begins with its start');
      await writeFiles(join(state.campaigns, first.campaign), events, files);
    }
  }
  let running = await start(state, '127.0.0.1:0');
  stack.defer(() => running.program[Symbol.asyncDispose]());
  const undo = stack.move();
  return {
    state,
    get address() {
      return running.address;
    },
    get pid() {
      return running.program.pid;
    },
    get token() {
      return running.token;
    },
    kill: async () => {
      running.program.kill('SIGKILL');
      await running.program.ended;
    },
    restart: async (...options) => {
      running = await start(state, new URL(running.address).host, options);
    },
    [Symbol.asyncDispose]: () => undo.disposeAsync(),
  };
}

async function start(state: StateDirectory, listen: string, options: readonly string[] = []) {
  const program = startPaseka(['serve', '--listen', listen, '--json', ...options], { state: state.path });
  const { address, addressWithToken } = JSON.parse(await program.firstLine()) as Record<string, string>;
  const token = new URL(addressWithToken ?? '').searchParams.get('token') ?? '';
  return { program, address: address ?? '', token };
}
