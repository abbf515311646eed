// SPDX-License-Identifier: GPL-2.0-or-later
import { type ReactElement, useEffect, useMemo, useState } from 'react';
import { type OutcomeShare, outcomeShares } from '../../src/events/campaign-figures.ts';
import type { CampaignState } from '../../src/events/campaign-state.ts';
import { type CampaignSearch, type CampaignSearchChange, sortColumns } from './campaign-search.ts';
import { count } from './format.ts';
import { shareNames } from './outcome-bar.tsx';

interface Props {
  readonly state: CampaignState;
  readonly search: CampaignSearch;
  readonly version: number;
  readonly onChange: (next: CampaignSearchChange) => void;
}

/** Which tasks to show. */
export function TaskFilters({ state, search, version, onChange }: Props): ReactElement {
  const [text, setText] = useState(search.q ?? '');
  useEffect(() => setText(search.q ?? ''), [search.q]);
  // `version` stands for what changed in `state`.
  const classes = useMemo(() => classesOf(state), [state, version]);
  const shares = outcomeShares(state.totals);
  const isShare = search.outcome !== undefined && search.outcome in shareNames;
  return (
    <search className="filters">
      <label>
        <span className="visually-hidden">Text in name, version or reason</span>
        <input
          type="search"
          placeholder="name, version or reason"
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            onChange({ q: target.value === '' ? undefined : target.value });
          }}
        />
      </label>
      <label>
        <span className="visually-hidden">Outcome</span>
        <select
          value={search.outcome ?? ''}
          onChange={({ target }) => onChange({ outcome: target.value === '' ? undefined : target.value })}
        >
          <option value="">every outcome</option>
          {(Object.entries(shares) as [OutcomeShare, number][])
            .filter(([share, tasks]) => tasks > 0 || share === search.outcome)
            .map(([share, tasks]) => (
              <option key={share} value={share}>
                {shareNames[share]} {count(tasks)}
              </option>
            ))}
          {search.outcome === undefined || isShare ? null : (
            <option value={search.outcome}>{search.outcome}</option>
          )}
        </select>
      </label>
      {classes.length === 0 && search.class === undefined ? null : (
        <label>
          <span className="visually-hidden">Class of failure</span>
          <select
            value={search.class ?? ''}
            onChange={({ target }) => onChange({ class: target.value === '' ? undefined : target.value })}
          >
            <option value="">every failure</option>
            {classes.map(([name, tasks]) => (
              <option key={name} value={name}>
                {name} {count(tasks)}
              </option>
            ))}
          </select>
        </label>
      )}
      <SortChoice search={search} onChange={onChange} />
      {search.cluster === undefined ? null : (
        <button
          type="button"
          className="chosen"
          title={search.cluster}
          onClick={() => onChange({ cluster: undefined })}
        >
          <span className="visually-hidden">Show not only what failed for the reason </span>
          <code>{clusterName(search.cluster)}</code> ×
        </button>
      )}
    </search>
  );
}

/** On a phone there is no room for the heads of the columns that one sorts by elsewhere. */
function SortChoice({ search, onChange }: Pick<Props, 'search' | 'onChange'>): ReactElement {
  const value = search.sort === undefined ? '' : `${search.sort}${search.down === true ? ' down' : ''}`;
  return (
    <label className="only-narrow">
      <span className="visually-hidden">Order</span>
      <select
        value={value}
        onChange={({ target }) => {
          const [sort, down] = target.value.split(' ');
          onChange({
            sort: sortColumns.find((column) => column === sort),
            down: down === undefined ? undefined : true,
          });
        }}
      >
        {orders.map(([key, name]) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

const orders = [
  ['', 'as asked for'],
  ['source', 'by name'],
  ['outcome', 'by outcome'],
  ['wall', 'longest first'],
  ['wall down', 'shortest first'],
  ['cpu', 'most processor time first'],
  ['memory', 'most memory first'],
  ['ended', 'ended last first'],
] as const;

/** Without the stage, which its key begins with. */
function clusterName(key: string): string {
  return key.slice(key.indexOf(':') + 1) || key;
}

/** The classes of failures that there are, the most frequent first. */
function classesOf(state: CampaignState): [string, number][] {
  const classes = new Map<string, number>();
  for (const { outcome } of state.tasks.values()) {
    if (outcome?.kind !== 'failed') continue;
    const name = outcome.failure?.class ?? 'unknown';
    classes.set(name, (classes.get(name) ?? 0) + 1);
  }
  return [...classes].sort(([, a], [, b]) => b - a);
}
