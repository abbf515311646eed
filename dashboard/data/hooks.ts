// SPDX-License-Identifier: GPL-2.0-or-later
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { SlimCampaign } from '../../src/events/slim-campaign.ts';
import type { CampaignList, CampaignSummary } from '../../src/server/api/campaigns.ts';
import { CampaignFollower } from './campaign-follower.ts';
import { client } from './client.ts';

const clockMs = 1000;
const summaryMs = 5000;

/** A document of the API, kept while the page is open. @param everyMs asks again so often, where there is a server. */
export function useDocument<Document>(path: string, everyMs?: number): UseQueryResult<Document> {
  return useQuery({
    queryKey: [path],
    queryFn: () => client.get<Document>(path),
    refetchInterval: client.isLive && everyMs !== undefined ? everyMs : false,
  });
}

/** Whether who looks came with the token, and so may change something. */
export function useMayChange(): boolean {
  const { data } = useQuery({
    queryKey: ['/api/session'],
    queryFn: () => client.get<{ readonly mayChange: boolean }>('/api/session'),
    enabled: client.isLive,
  });
  return data?.mayChange === true;
}

/** A campaign that goes on; the same one for all who ask. */
export function useFollower(campaign: string): UseQueryResult<CampaignFollower> {
  return useQuery({
    queryKey: ['follower', campaign],
    queryFn: async () =>
      new CampaignFollower(
        client,
        await client.get<{ summary: CampaignSummary; slim: SlimCampaign }>(`/api/campaigns/${campaign}`),
      ),
    staleTime: Number.POSITIVE_INFINITY,
    structuralSharing: false,
  });
}

/** Keeps asking whether a process has the campaign as long as it has not ended, or is judged: one that was killed writes no event. */
export function useSummary(follower: CampaignFollower): void {
  const isOpen = client.isLive && (follower.isHeld || follower.state.endedAt === undefined);
  const { data } = useQuery({
    queryKey: ['/api/campaigns'],
    queryFn: () => client.get<CampaignList>('/api/campaigns'),
    enabled: isOpen,
    refetchInterval: isOpen ? summaryMs : false,
  });
  const summary = data?.campaigns.find(({ id }) => id === follower.state.id);
  useEffect(() => {
    if (summary !== undefined) follower.takeSummary(summary);
  }, [follower, summary]);
}

/** Draws again with each change of the campaign; gives the number of the change. */
export function useVersion(follower: CampaignFollower): number {
  return useSyncExternalStore(follower.subscribe, follower.version);
}

/** The time of day, once a second while `isRunning`. */
export function useNow(isRunning: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isRunning) return undefined;
    const timer = setInterval(() => setNow(Date.now()), clockMs);
    return () => clearInterval(timer);
  }, [isRunning]);
  return now;
}
