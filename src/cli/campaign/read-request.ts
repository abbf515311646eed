// SPDX-License-Identifier: GPL-2.0-or-later
import { PasekaError } from '../../base/paseka-error.ts';
import { type CampaignRequest, parseRequest } from '../../campaign/campaign-request.ts';
import type { CampaignStore } from '../../db/campaign-store.ts';

/** What a campaign was started with; its whole id. Throws PasekaError state-newer where that can't be read. */
export function readRequest(store: CampaignStore, id: string): CampaignRequest {
  const request = parseRequest(store.request(id));
  if (request !== undefined) return request;
  throw new PasekaError(
    'state-newer',
    `the campaign ${id} was started by another version of this program, which kept other things of it`,
    'use that version for it, or begin it anew',
  );
}
