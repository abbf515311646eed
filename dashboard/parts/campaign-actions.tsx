// SPDX-License-Identifier: GPL-2.0-or-later
import { useMutation } from '@tanstack/react-query';
import { type ReactElement, useCallback } from 'react';
import { outcomeShares } from '../../src/events/campaign-figures.ts';
import type { CampaignFollower } from '../data/campaign-follower.ts';
import { client } from '../data/client.ts';
import { useMayChange } from '../data/hooks.ts';
import { useStart } from '../data/use-start.ts';
import { countOf } from './format.ts';
import { StartMessages } from './start-messages.tsx';
import { TwoStepButton } from './two-step-button.tsx';

/** What can be done with a campaign, for who came with the token: stop it, go on with it, build again what failed. */
export function CampaignActions({ follower }: { readonly follower: CampaignFollower }): ReactElement | null {
  const { state, isHeld } = follower;
  const path = `/api/campaigns/${state.id}`;
  const cancelled = useMutation({ mutationFn: () => client.post(`${path}/cancel`, { now: false }) });
  const start = useStart(useCallback(() => undefined, []));
  if (!useMayChange()) return null;
  const { tasks, ended, built } = state.totals;
  const { cancelled: stopped } = outcomeShares(state.totals);
  const isOpen = ended < tasks || stopped > 0;
  const failed = ended - built;
  return (
    <div className="actions">
      {isHeld ? (
        cancelled.isSuccess ? (
          <span role="status">stopping: what runs may end</span>
        ) : (
          <TwoStepButton
            name="cancel"
            yes="stop it"
            no="let it run"
            isPending={cancelled.isPending}
            onYes={() => cancelled.mutate()}
          />
        )
      ) : (
        <>
          {isOpen ? (
            <button type="button" disabled={start.isPending} onClick={() => start.ask(`${path}/resume`, {})}>
              go on
            </button>
          ) : null}
          {failed > 0 ? (
            <TwoStepButton
              name="retry failed"
              yes={`build ${countOf(failed, 'source')} again`}
              no="leave it"
              isPending={start.isPending}
              onYes={() => start.ask(`${path}/retry`, {})}
            />
          ) : null}
        </>
      )}
      {cancelled.error === null ? null : <span role="alert">{cancelled.error.message}</span>}
      {isHeld ? null : <StartMessages start={start} />}
    </div>
  );
}
