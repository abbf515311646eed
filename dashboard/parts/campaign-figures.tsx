// SPDX-License-Identifier: GPL-2.0-or-later
import { Link } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import { formatDuration } from '../../src/base/duration.ts';
import {
  estimateRestMs,
  type OutcomeShare,
  outcomeShares,
  tasksPerHour,
} from '../../src/events/campaign-figures.ts';
import type { CampaignFollower } from '../data/campaign-follower.ts';
import { useNow } from '../data/hooks.ts';
import { Figure } from './figure.tsx';
import { count, dateTime, percent } from './format.ts';
import { OutcomeBar, shareNames } from './outcome-bar.tsx';

/** How a campaign stands: counts, rate and estimate, and the bar with what its pieces are. */
export function CampaignFigures({
  follower,
  version,
}: {
  readonly follower: CampaignFollower;
  readonly version: number;
}): ReactElement {
  const { state, isRunning } = follower;
  const clock = useNow(isRunning);
  const now = isRunning ? clock : state.at;
  const { totals } = state;
  const shares = outcomeShares(totals);
  // `version` stands for what changed in `state`.
  const [rate, restMs] = useMemo(
    () => [tasksPerHour(state, now), estimateRestMs(state, now)],
    [state, version, now],
  );
  const failed = totals.ended - totals.built;
  return (
    <section aria-label="Progress">
      <dl className="figures">
        <Figure name="done" value={count(totals.ended)} beside={`of ${count(totals.tasks)}`} />
        <Figure name="built" value={count(totals.built)} beside={percent(totals.built, totals.ended)} />
        <Figure name="not built" value={count(failed)} beside={percent(failed, totals.ended)} />
        {isRunning ? (
          <Figure
            name="running"
            value={count(totals.running)}
            beside={`of ${count(state.workers)} workers`}
          />
        ) : (
          <Figure name="workers" value={count(state.workers)} />
        )}
        <Figure
          name="rate"
          value={rate === undefined ? '–' : count(Math.round(rate))}
          beside="tasks an hour"
        />
        <Figure
          name={isRunning ? 'since' : 'took'}
          value={formatDuration((state.endedAt ?? now) - state.startedAt)}
          beside={dateTime(state.startedAt)}
        />
        {isRunning && restMs !== undefined && restMs >= 1000 ? (
          <Figure name="left" value={`about ${formatDuration(restMs)}`} />
        ) : null}
      </dl>
      <OutcomeBar shares={shares} />
      <ul className="legend">
        {(Object.entries(shares) as [OutcomeShare, number][])
          .filter(([, tasks]) => tasks > 0)
          .map(([share, tasks]) => (
            <li key={share}>
              <Link
                to="/campaigns/$campaign"
                params={{ campaign: state.id }}
                search={{ view: 'tasks', outcome: share }}
                className={`outcome ${share}`}
              >
                {shareNames[share]} <span className="tabular">{count(tasks)}</span>
              </Link>
            </li>
          ))}
      </ul>
    </section>
  );
}
