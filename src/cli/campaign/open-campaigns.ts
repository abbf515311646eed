// SPDX-License-Identifier: GPL-2.0-or-later
import { CampaignStore } from '../../db/campaign-store.ts';
import { type Database, openDatabase } from '../../db/database.ts';
import { enterPrivateNamespace } from '../../host/private-namespace.ts';
import type { StateDirectory } from '../../host/state-directory.ts';
import type { CommonOptions } from '../options.ts';
import { openState } from '../workspace.ts';

/** The campaigns of a state directory, for verbs that run none. */
export interface Campaigns extends Disposable {
  readonly state: StateDirectory;
  readonly database: Database;
  readonly store: CampaignStore;
}

/** Opens them. Throws what openStateDirectory and openDatabase throw. */
export async function openCampaigns(options: CommonOptions): Promise<Campaigns> {
  // As root of the private namespace, because that is who owns everything in the state directory.
  const namespace = await enterPrivateNamespace();
  const state = await openState(options, namespace);
  const database = openDatabase(state.database);
  return {
    state,
    database,
    store: new CampaignStore(database),
    [Symbol.dispose]: () => database[Symbol.dispose](),
  };
}
