// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';
import type { CampaignFollower } from '../data/campaign-follower.ts';

/** How a campaign stands, and whether what is shown goes on with it. */
export function StatusMark({ follower }: { readonly follower: CampaignFollower }): ReactElement {
  const { connection, isRunning, state } = follower;
  const ended = state.cancelled ? 'cancelled' : state.endedAt === undefined ? 'interrupted' : 'ended';
  const status = isRunning ? 'running' : ended;
  return (
    <span role="status">
      <span className={`status ${status}`}>{status}</span>{' '}
      {connection === 'connecting' && isRunning ? (
        <span className="connection connecting">reconnecting</span>
      ) : null}
      {connection === 'live' && isRunning ? <span className="connection live">live</span> : null}
    </span>
  );
}
