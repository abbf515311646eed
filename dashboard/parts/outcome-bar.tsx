// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';
import type { OutcomeShare } from '../../src/events/campaign-figures.ts';
import { count } from './format.ts';

/** The pieces of the bar from left to right, and what they are called. */
export const shareNames: Readonly<Record<OutcomeShare, string>> = {
  built: 'built',
  failed: 'failed',
  unsatisfiable: 'unsatisfiable',
  limit: 'over a limit',
  host: 'not its fault',
  cancelled: 'cancelled',
  elsewhere: 'not for here',
  running: 'running',
  open: 'to do',
};

/** `unbuilt`: why is not known here. */
type Piece = OutcomeShare | 'unbuilt';

const { built, ...others } = shareNames;
const pieceNames: Readonly<Record<Piece, string>> = { built, unbuilt: 'not built', ...others };

const order = Object.keys(pieceNames) as Piece[];

/** How many tasks there are of each sort, as one bar of that width. */
export function OutcomeBar({
  shares,
}: {
  readonly shares: Readonly<Partial<Record<Piece, number>>>;
}): ReactElement {
  const parts = order.flatMap((share) => {
    const tasks = shares[share] ?? 0;
    return tasks > 0 ? [{ share, tasks }] : [];
  });
  const words = parts.map(({ share, tasks }) => `${count(tasks)} ${pieceNames[share]}`).join(', ');
  return (
    <div className="bar" role="img" aria-label={words === '' ? 'no tasks' : words} title={words}>
      {parts.map(({ share, tasks }) => (
        <span key={share} className={`piece ${share}`} style={{ flexGrow: tasks }} />
      ))}
    </div>
  );
}
