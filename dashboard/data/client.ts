// SPDX-License-Identifier: GPL-2.0-or-later
import { archivedClient } from './archived-client.ts';
import type { DataClient } from './data-client.ts';
import { liveClient } from './live-client.ts';

/** The page's one client: of the report that it is in, else of the server that it came from. */
export const client: DataClient =
  window.pasekaReport === undefined ? liveClient : archivedClient(window.pasekaReport);
