// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';
import { formatDuration } from '../../src/base/duration.ts';
import type { AttemptState, TaskState } from '../../src/events/campaign-state.ts';

interface Props {
  readonly task: TaskState;
  readonly attempt: AttemptState;
  readonly now: number;
}

/** The phases of an attempt, one below the other, along its time. */
export function PhaseWaterfall({ task, attempt, now }: Props): ReactElement {
  const from = attempt.startedAt;
  const to = Math.max(from + 1, attempt.endedAt ?? now);
  const phases = task.phases.filter(({ startedAt }) => startedAt >= from && startedAt <= to);
  return (
    <section aria-labelledby="phases">
      <h2 id="phases">Phases</h2>
      <table className="waterfall">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">phase</th>
            <th scope="col">along the attempt's time</th>
            <th scope="col">took</th>
          </tr>
        </thead>
        <tbody>
          {phases.map((phase, index) => {
            const end = phase.endedAt ?? to;
            const left = (100 * (phase.startedAt - from)) / (to - from);
            const width = (100 * (end - phase.startedAt)) / (to - from);
            return (
              // A phase may come twice, but nothing changes before it.
              <tr key={`${index} ${phase.phase}`}>
                <th scope="row">
                  {phase.phase}{' '}
                  {phase.detail === undefined ? null : <span className="quiet">{phase.detail}</span>}
                </th>
                <td className="track">
                  <span
                    className={`span ${sort(phase.phase)}`}
                    style={{ marginLeft: `${left}%`, width: `max(2px, ${width}%)` }}
                  />
                </td>
                <td className="number">{formatDuration(end - phase.startedAt)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function sort(phase: TaskState['phases'][number]['phase']): string {
  if (phase === 'build') return 'phase-build';
  return phase === 'collect' || phase === 'install-check' ? 'phase-after' : 'phase-before';
}
