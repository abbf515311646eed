// SPDX-License-Identifier: GPL-2.0-or-later
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Outcome } from '../../src/events/outcome.ts';
import { outcomeText } from '../../src/events/outcome-text.ts';
import type { LogPlace } from '../data/data-client.ts';

interface Props {
  readonly outcome: Outcome | undefined;
  readonly place: LogPlace;
}

/** Why an attempt did not pass: the lines that decide it, each a way into the log, or what was said. */
export function OutcomeReason({ outcome, place }: Props): ReactElement | null {
  if (outcome === undefined) return null;
  const failure = outcome.kind === 'failed' ? outcome.failure : undefined;
  if (outcome.kind !== 'failed' || failure === undefined) {
    const { reason } = outcomeText(outcome);
    return reason === '' ? null : <pre className="why-block">{reason}</pre>;
  }
  const first = failure.lines[0]?.text.trim();
  const isSaidBelow = first !== undefined && outcome.reason.includes(first);
  return (
    <section className="why-block" aria-label="What decided it">
      <p>
        <span className="outcome failed">{failure.class}</span>{' '}
        {isSaidBelow ? null : <span className="quiet">{outcome.reason}</span>}
      </p>
      <ol>
        {failure.lines.map(({ line, text }) => (
          <li key={line}>
            <Link
              to="/campaigns/$campaign/tasks/$task"
              params={{ campaign: place.campaign, task: String(place.task) }}
              search={{ attempt: place.attempt, line }}
              hash="log"
              replace
              className="line-number"
            >
              {line}
            </Link>
            <code>{text}</code>
          </li>
        ))}
      </ol>
    </section>
  );
}
