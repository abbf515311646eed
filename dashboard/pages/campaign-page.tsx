// SPDX-License-Identifier: GPL-2.0-or-later
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { CampaignFollower } from '../data/campaign-follower.ts';
import { client } from '../data/client.ts';
import { useFollower, useSummary, useVersion } from '../data/hooks.ts';
import { CampaignActions } from '../parts/campaign-actions.tsx';
import { CampaignFigures } from '../parts/campaign-figures.tsx';
import { CampaignNotes } from '../parts/campaign-notes.tsx';
import { type CampaignSearch, type CampaignView, campaignViews } from '../parts/campaign-search.ts';
import { changeText } from '../parts/change-text.ts';
import { CompareChoice } from '../parts/compare-choice.tsx';
import { FailureList } from '../parts/failure-list.tsx';
import { Failed, Loading } from '../parts/messages.tsx';
import { ResourceCharts } from '../parts/resource-charts.tsx';
import { StatusMark } from '../parts/status-mark.tsx';
import { TaskTable } from '../parts/task-table.tsx';
import { useTitle } from '../parts/use-title.ts';
import { WorkersTimeline } from '../parts/workers-timeline.tsx';

const viewNames: Readonly<Record<CampaignView, string>> = {
  tasks: 'Tasks',
  failures: 'Failures',
  workers: 'Workers',
  resources: 'Resources',
};

interface Props {
  readonly campaign: string;
  readonly search: CampaignSearch;
}

/** One campaign, as it goes on. */
export function CampaignPage({ campaign, search }: Props): ReactElement {
  useTitle(campaign);
  const { data, error } = useFollower(campaign);
  if (data === undefined) return error === null ? <Loading /> : <Failed error={error} />;
  return <Campaign follower={data} search={search} />;
}

function Campaign({
  follower,
  search,
}: {
  readonly follower: CampaignFollower;
  readonly search: CampaignSearch;
}): ReactElement {
  const version = useVersion(follower);
  useSummary(follower);
  const { state } = follower;
  const view = search.view ?? 'tasks';
  return (
    <div className="campaign">
      <div className="head">
        <h1>{state.id}</h1>
        <span className="quiet">
          {state.suite} {state.architecture}, snapshot {state.snapshot.slice(0, 12)}
        </span>
        <StatusMark follower={follower} />
        {client.isLive ? <CompareChoice campaign={state.id} architecture={state.architecture} /> : null}
        {client.isLive ? <CampaignActions follower={follower} /> : null}
      </div>
      {state.change === undefined ? null : (
        <p className="under">
          tries <strong>{changeText(state.change)}</strong>
        </p>
      )}
      {state.baselineOf === undefined ? null : (
        <p className="under">
          baseline of{' '}
          <Link to="/campaigns/$campaign" params={{ campaign: state.baselineOf }}>
            {state.baselineOf}
          </Link>
          {client.isLive ? (
            <>
              ,{' '}
              <Link
                to="/compare/$baseline/$candidate"
                params={{ baseline: state.id, candidate: state.baselineOf }}
              >
                compare
              </Link>
            </>
          ) : null}
        </p>
      )}
      <CampaignFigures follower={follower} version={version} />
      <CampaignNotes state={state} />
      <nav className="tabs" aria-label="Views">
        {campaignViews.map((one) => (
          <Link
            key={one}
            to="/campaigns/$campaign"
            params={{ campaign: state.id }}
            search={(before) => ({ ...before, view: one })}
            aria-current={one === view ? 'page' : undefined}
          >
            {viewNames[one]}
          </Link>
        ))}
      </nav>
      <View view={view} follower={follower} search={search} version={version} />
    </div>
  );
}

interface ViewProps {
  readonly view: CampaignView;
  readonly follower: CampaignFollower;
  readonly search: CampaignSearch;
  readonly version: number;
}

function View({ view, follower, search, version }: ViewProps): ReactElement {
  switch (view) {
    case 'tasks':
      return <TaskTable state={follower.state} search={search} version={version} />;
    case 'failures':
      return <FailureList state={follower.state} version={version} />;
    case 'workers':
      return <WorkersTimeline follower={follower} version={version} />;
    case 'resources':
      return <ResourceCharts follower={follower} version={version} />;
  }
}
