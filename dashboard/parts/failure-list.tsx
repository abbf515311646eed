// SPDX-License-Identifier: GPL-2.0-or-later
import { Link } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import { shareOf } from '../../src/events/campaign-figures.ts';
import type { CampaignState } from '../../src/events/campaign-state.ts';
import { type FailureCluster, failureClusters } from '../../src/events/failure-clusters.ts';
import { count, countOf } from './format.ts';
import { Empty } from './messages.tsx';
import { shareNames } from './outcome-bar.tsx';

const mostNames = 12;

/** What failed, by what looks like the same reason, biggest first. */
export function FailureList({
  state,
  version,
}: {
  readonly state: CampaignState;
  readonly version: number;
}): ReactElement {
  // `version` stands for what changed in `state`.
  const clusters = useMemo(() => failureClusters(state), [state, version]);
  if (clusters.length === 0) return <Empty>Nothing has failed.</Empty>;
  const most = clusters[0]?.tasks.length ?? 1;
  return (
    <ol className="clusters" aria-label={countOf(clusters.length, 'reason')}>
      {clusters.map((cluster) => (
        <Cluster key={cluster.key} cluster={cluster} state={state} most={most} />
      ))}
    </ol>
  );
}

function Cluster({
  cluster,
  state,
  most,
}: {
  readonly cluster: FailureCluster;
  readonly state: CampaignState;
  readonly most: number;
}): ReactElement {
  const { tasks, kind, line } = cluster;
  const share = shareOf(kind);
  const what = cluster.class ?? (kind === 'failed' ? 'unknown' : shareNames[share]);
  return (
    <li>
      <div className="weight">
        <span className="tabular">{count(tasks.length)}</span>
        <meter
          className={share}
          min={0}
          max={most}
          value={tasks.length}
          aria-label={countOf(tasks.length, 'task')}
        />
      </div>
      <div className="reason">
        <span className={`outcome ${share}`}>{what}</span>
        {line === '' ? null : <code>{line}</code>}
        <div className="names">
          {tasks.slice(0, mostNames).map((task) => (
            <Link
              key={task}
              to="/campaigns/$campaign/tasks/$task"
              params={{ campaign: state.id, task: String(task) }}
            >
              {state.tasks.get(task)?.source}
            </Link>
          ))}
          {tasks.length > mostNames ? (
            <Link
              to="/campaigns/$campaign"
              params={{ campaign: state.id }}
              search={{ view: 'tasks', cluster: cluster.key }}
            >
              and {count(tasks.length - mostNames)} more
            </Link>
          ) : null}
        </div>
      </div>
    </li>
  );
}
