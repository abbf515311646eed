// SPDX-License-Identifier: GPL-2.0-or-later
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { formatDuration } from '../../src/base/duration.ts';
import type { CampaignList } from '../../src/server/api/campaigns.ts';
import { useDocument, useMayChange, useNow } from '../data/hooks.ts';
import { changeText } from '../parts/change-text.ts';
import { count, dateTime, percent } from '../parts/format.ts';
import { Empty, Failed, Loading } from '../parts/messages.tsx';
import { OutcomeBar } from '../parts/outcome-bar.tsx';
import { useTitle } from '../parts/use-title.ts';

const refreshMs = 2000;

/** All campaigns, newest first. */
export function CampaignsPage(): ReactElement {
  useTitle('Campaigns');
  const mayChange = useMayChange();
  const { data, error } = useDocument<CampaignList>('/api/campaigns', refreshMs);
  if (data === undefined) return error === null ? <Loading /> : <Failed error={error} />;
  return (
    <>
      <div className="head">
        <h1>Campaigns</h1>
        {mayChange ? <Link to="/start">start one</Link> : null}
      </div>
      {error === null ? null : <Failed error={error} />}
      {data.campaigns.length === 0 ? (
        <Empty>
          None yet. <code>paseka rebuild SOURCE...</code> starts one.
        </Empty>
      ) : (
        <CampaignTable campaigns={data.campaigns} />
      )}
    </>
  );
}

function CampaignTable({ campaigns }: { readonly campaigns: CampaignList['campaigns'] }): ReactElement {
  const now = useNow(campaigns.some(({ status }) => status === 'running'));
  return (
    <table className="list campaigns">
      <thead>
        <tr>
          <th scope="col">campaign</th>
          <th scope="col">status</th>
          <th scope="col" className="wide">
            tasks
          </th>
          <th scope="col" className="number">
            built
          </th>
          <th scope="col" className="number">
            not
          </th>
          <th scope="col" className="number">
            took
          </th>
          <th scope="col">of</th>
          <th scope="col">change under test</th>
        </tr>
      </thead>
      <tbody>
        {campaigns.map((campaign) => (
          <CampaignRow key={campaign.id} campaign={campaign} now={now} />
        ))}
      </tbody>
    </table>
  );
}

function CampaignRow({
  campaign,
  now,
}: {
  readonly campaign: CampaignList['campaigns'][number];
  readonly now: number;
}): ReactElement {
  const { id, status, tasks, ended, built, startedAt, endedAt, baselineOf } = campaign;
  const isRunning = status === 'running';
  const shares = { built, unbuilt: ended - built, open: tasks - ended };
  const took = endedAt ?? (isRunning ? now : undefined);
  return (
    <tr>
      <th scope="row">
        <Link to="/campaigns/$campaign" params={{ campaign: id }}>
          {id}
        </Link>
        <div className="quiet">{dateTime(startedAt)}</div>
      </th>
      <td className="status-cell">
        <span className={`status ${status}`}>{status}</span>
        {ended < tasks && <div className="quiet">{percent(ended, tasks)}</div>}
      </td>
      <td className="wide">
        <OutcomeBar shares={shares} />
        <div className="quiet">
          {count(ended)} of {count(tasks)}
        </div>
      </td>
      <td className="number" data-label="built">
        {count(built)}
      </td>
      <td className="number" data-label="not">
        {count(ended - built)}
      </td>
      <td className="number" data-label="took">
        {took === undefined ? '' : formatDuration(took - startedAt)}
      </td>
      <td className="of">
        {campaign.suite} <span className="quiet">{campaign.architecture}</span>
      </td>
      <td className="change">
        {changeText(campaign.change)}
        {baselineOf === undefined ? null : (
          <>
            baseline of{' '}
            <Link to="/campaigns/$campaign" params={{ campaign: baselineOf }}>
              {baselineOf}
            </Link>
          </>
        )}
      </td>
    </tr>
  );
}
