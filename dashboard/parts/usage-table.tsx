// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';
import { formatBytes } from '../../src/base/bytes.ts';
import { formatDuration } from '../../src/base/duration.ts';
import type { AttemptState } from '../../src/events/campaign-state.ts';
import type { PastAttempt } from '../../src/events/past-attempt.ts';
import type { TaskDocument } from '../data/task-document.ts';
import { countOf } from './format.ts';

type Key = 'wallMs' | 'buildMs' | 'cpuMs' | 'peakMemoryBytes' | 'upperBytes';

const rows: readonly {
  readonly key: Key;
  readonly name: string;
  readonly text: (value: number) => string;
}[] = [
  { key: 'wallMs', name: 'time', text: formatDuration },
  { key: 'buildMs', name: 'of it, the build', text: formatDuration },
  { key: 'cpuMs', name: 'processor', text: formatDuration },
  { key: 'peakMemoryBytes', name: 'memory', text: formatBytes },
  { key: 'upperBytes', name: 'written', text: formatBytes },
];

/** What an attempt took, beside what earlier ones of the same source took and what was expected. */
export function UsageTable({
  document,
  attempt,
}: {
  readonly document: TaskDocument;
  readonly attempt: AttemptState;
}): ReactElement {
  const { usage } = attempt;
  const { predicted } = document.task;
  const earlier = document.history.filter(({ campaign }) => campaign !== document.campaign);
  return (
    <section aria-labelledby="usage">
      <h2 id="usage">What it took</h2>
      <table className="list usage">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">what</span>
            </th>
            <th scope="col" className="number">
              now
            </th>
            <th scope="col" className="number">
              expected
            </th>
            <th scope="col">
              {earlier.length === 0 ? 'earlier' : countOf(earlier.length, 'earlier attempt')}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, name, text }) => {
            const expected = key === 'buildMs' ? undefined : predicted?.[keyOfPrediction[key]];
            const now = usage?.[key];
            return (
              <tr key={key}>
                <th scope="row">{name}</th>
                <td className="number">{now === undefined ? '' : text(now)}</td>
                <td className="number">{expected === undefined ? '' : text(expected)}</td>
                <td className="earlier">
                  {earlier.length === 0 ? null : (
                    <span className="quiet" title="median">
                      {text(medianOf(earlier.map((one) => one[key])))}
                    </span>
                  )}
                  <Strip past={earlier} of={key} now={now} text={text} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

const keyOfPrediction = {
  wallMs: 'wallMs',
  cpuMs: 'cpuMs',
  peakMemoryBytes: 'memoryBytes',
  upperBytes: 'upperBytes',
} as const;

function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

/** Fewer dots than this show nothing that the figures beside them don't. */
const fewestDots = 4;

/** A dot for each earlier attempt, oldest left, and one for now: higher is more. */
function Strip({
  past,
  of,
  now,
  text,
}: {
  readonly past: readonly PastAttempt[];
  readonly of: Key;
  readonly now: number | undefined;
  readonly text: (value: number) => string;
}): ReactElement | null {
  if (past.length < fewestDots) return null;
  const values = [...past.map((one) => one[of]).reverse(), ...(now === undefined ? [] : [now])];
  const most = Math.max(...values, 1);
  const x = (index: number): number => 4 + index * 8;
  const y = (value: number): number => 20 - (16 * value) / most;
  const [low, high] = [Math.min(...values), most];
  return (
    <svg
      className="strip"
      width={x(values.length)}
      height="24"
      role="img"
      aria-label={`from ${text(low)} to ${text(high)}`}
    >
      {values.map((value, index) => (
        <circle
          // Their order is all that tells them apart.
          key={`${index} ${value}`}
          className={index === values.length - 1 && now !== undefined ? 'now' : ''}
          cx={x(index)}
          cy={y(value)}
          r="2.5"
        >
          <title>{text(value)}</title>
        </circle>
      ))}
    </svg>
  );
}
