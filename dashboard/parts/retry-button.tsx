// SPDX-License-Identifier: GPL-2.0-or-later
import { useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useCallback } from 'react';
import type { TaskState } from '../../src/events/campaign-state.ts';
import { useMayChange } from '../data/hooks.ts';
import { useStart } from '../data/use-start.ts';
import { StartMessages } from './start-messages.tsx';

interface Props {
  readonly campaign: string;
  readonly task: Pick<TaskState, 'task' | 'source' | 'version'>;
}

/** Builds one task of a campaign again, for who came with the token. */
export function RetryButton({ campaign, task: { task, source, version } }: Props): ReactElement | null {
  const queries = useQueryClient();
  const path = `/api/campaigns/${campaign}`;
  const start = useStart(
    useCallback(
      () => void queries.invalidateQueries({ queryKey: [`${path}/tasks/${task}`] }),
      [queries, path, task],
    ),
  );
  if (!useMayChange()) return null;
  return (
    <>
      <button
        type="button"
        disabled={start.isPending}
        onClick={() => start.ask(`${path}/retry`, { sources: [`${source}=${version}`] })}
      >
        build again
      </button>
      <StartMessages start={start} />
    </>
  );
}
