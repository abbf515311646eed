// SPDX-License-Identifier: GPL-2.0-or-later
import { useMutation } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { client } from '../data/client.ts';
import { useDocument } from '../data/hooks.ts';

/** Stops a running campaign, asked twice; only for who came with the token. */
export function CancelButton({ campaign }: { readonly campaign: string }): ReactElement | null {
  const { data } = useDocument<{ readonly mayChange: boolean }>('/api/session');
  const [isAsked, setAsked] = useState(false);
  const { mutate, isPending, isSuccess, error } = useMutation({
    mutationFn: () => client.post(`/api/campaigns/${campaign}/cancel`, { now: false }),
  });
  if (data?.mayChange !== true) return null;
  if (isSuccess) return <span role="status">stopping: what runs may end</span>;
  return (
    <span>
      {isAsked ? (
        <>
          <button type="button" disabled={isPending} onClick={() => mutate()}>
            stop it
          </button>{' '}
          <button type="button" onClick={() => setAsked(false)}>
            go on
          </button>
        </>
      ) : (
        <button type="button" onClick={() => setAsked(true)}>
          cancel
        </button>
      )}
      {error === null ? null : <span role="alert"> {error.message}</span>}
    </span>
  );
}
