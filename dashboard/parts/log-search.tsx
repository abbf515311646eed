// SPDX-License-Identifier: GPL-2.0-or-later
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { client } from '../data/client.ts';
import type { LogPlace } from '../data/data-client.ts';
import { count } from './format.ts';

/** Finds a text in a log; Enter goes to the next place, with Shift to the one before. */
export function LogSearch({ place }: { readonly place: LogPlace }): ReactElement {
  const [text, setText] = useState('');
  const [current, setCurrent] = useState(-1);
  /** Enter was pressed before there was an answer. */
  const awaited = useRef(0);
  const navigate = useNavigate({ from: '/campaigns/$campaign/tasks/$task' });
  const { data } = useQuery({
    queryKey: ['log-search', place.campaign, place.task, place.attempt, text],
    queryFn: () => client.searchLog(place, text, 0),
    enabled: text.length > 1,
  });
  const matches = data?.matches ?? [];
  const go = (step: number): void => {
    awaited.current = data === undefined ? step : 0;
    if (matches.length === 0) return;
    const next = (current + step + matches.length) % matches.length;
    setCurrent(next);
    const line = matches[next]?.line;
    if (line !== undefined) {
      void navigate({ search: { attempt: place.attempt, line }, replace: true, resetScroll: false });
    }
  };
  useEffect(() => {
    if (data !== undefined && awaited.current !== 0) go(awaited.current);
  });
  return (
    <search className="log-search">
      <label>
        <span className="visually-hidden">Search in the log</span>
        <input
          type="search"
          placeholder="search"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setCurrent(-1);
            awaited.current = 0;
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') go(event.shiftKey ? -1 : 1);
          }}
        />
      </label>
      <span className="quiet tabular" role="status">
        {text.length < 2 || data === undefined
          ? ''
          : `${current < 0 ? '' : `${current + 1} of `}${count(matches.length)}${data.hasMore ? '+' : ''}`}
      </span>
      <button
        type="button"
        disabled={matches.length === 0}
        onClick={() => go(-1)}
        aria-label="previous match"
      >
        ↑
      </button>
      <button type="button" disabled={matches.length === 0} onClick={() => go(1)} aria-label="next match">
        ↓
      </button>
    </search>
  );
}
