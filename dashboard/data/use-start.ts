// SPDX-License-Identifier: GPL-2.0-or-later
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { StartedRun } from '../../src/server/api/starts.ts';
import { client } from './client.ts';
import { ApiError } from './data-client.ts';

const lookMs = 500;

/** Something that the server was asked to start in a process of its own. */
export interface Start {
  /** Asks for it: a POST of the API that is answered by a start. */
  readonly ask: (path: string, body: object) => void;
  /** From the question until its campaign is there, or it was refused. */
  readonly isPending: boolean;
  /** What the process said last. */
  readonly said: string;
  readonly error: Error | null;
}

/** @param onStarted called once with the campaign's id, when it is there. */
export function useStart(onStarted: (campaign: string) => void): Start {
  const queries = useQueryClient();
  const asked = useMutation({
    mutationFn: ({ path, body }: { readonly path: string; readonly body: object }) =>
      client.post<StartedRun>(path, body),
  });
  const start = asked.data?.start;
  const looked = useQuery({
    queryKey: ['start', start],
    queryFn: () => client.get<StartedRun>(`/api/starts/${start}`),
    enabled: start !== undefined,
    refetchInterval: ({ state }) =>
      state.data === undefined || state.data.status === 'starting' ? lookMs : false,
  });
  const run = looked.data ?? asked.data;
  const told = useRef<string>(undefined);
  const campaign = run?.status === 'started' ? run.campaign : undefined;
  useEffect(() => {
    if (campaign === undefined || start === undefined || told.current === start) return;
    told.current = start;
    void queries.invalidateQueries({ queryKey: ['/api/campaigns'] });
    onStarted(campaign);
  }, [campaign, start, queries, onStarted]);
  const refused = run?.error === undefined ? null : new ApiError(409, run.error.message, run.error.hint);
  return {
    ask: (path, body) => asked.mutate({ path, body }),
    isPending: asked.isPending || run?.status === 'starting',
    said: run?.status === 'starting' ? run.said : '',
    error: asked.error ?? looked.error ?? refused,
  };
}
