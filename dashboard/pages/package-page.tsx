// SPDX-License-Identifier: GPL-2.0-or-later
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { shareOf } from '../../src/events/campaign-figures.ts';
import type { Outcome } from '../../src/events/outcome.ts';
import type { PackageReport } from '../../src/server/api/packages.ts';
import { useDocument } from '../data/hooks.ts';
import { countOf, dateTime } from '../parts/format.ts';
import { Failed, Loading } from '../parts/messages.tsx';
import { useTitle } from '../parts/use-title.ts';

/** A source over all campaigns. */
export function PackagePage({ source }: { readonly source: string }): ReactElement {
  useTitle(source);
  const { data, error } = useDocument<PackageReport>(`/api/packages/${encodeURIComponent(source)}`);
  if (data === undefined) return error === null ? <Loading /> : <Failed error={error} />;
  return (
    <>
      <h1>{source}</h1>
      {data.failing.map(({ suite, architecture, since, firstCampaign, failures }) => (
        <p key={`${suite} ${architecture}`} className="why-block">
          <span className="outcome failed">fails</span> in {suite} {architecture} since {dateTime(since)}, for{' '}
          {countOf(failures, 'campaign')}, first in{' '}
          <Link to="/campaigns/$campaign" params={{ campaign: firstCampaign }} search={{ q: source }}>
            {firstCampaign}
          </Link>
        </p>
      ))}
      <table className="list history">
        <thead>
          <tr>
            <th scope="col">campaign</th>
            <th scope="col">version</th>
            <th scope="col">outcome</th>
            <th scope="col">of</th>
            <th scope="col">ended</th>
          </tr>
        </thead>
        <tbody>
          {data.outcomes.map((one) => (
            <tr key={`${one.campaign} ${one.version}`}>
              <th scope="row">
                <Link to="/campaigns/$campaign" params={{ campaign: one.campaign }} search={{ q: source }}>
                  {one.campaign}
                </Link>
              </th>
              <td>{one.version}</td>
              <td>
                <span className={`outcome ${shareOf(one.outcome as Outcome['kind'])}`}>{one.outcome}</span>{' '}
                <span className="quiet">{one.verdict ?? ''}</span>
              </td>
              <td>
                {one.suite} <span className="quiet">{one.architecture}</span>
              </td>
              <td>{dateTime(one.endedAt)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
