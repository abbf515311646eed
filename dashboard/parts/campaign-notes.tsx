// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';
import type { CampaignState } from '../../src/events/campaign-state.ts';
import { timeOfDay } from './format.ts';

/** What is being prepared, why nothing new is begun, and what the campaign has noted. */
export function CampaignNotes({ state }: { readonly state: CampaignState }): ReactElement | null {
  const now = [
    ...(state.preparing === undefined ? [] : [state.preparing]),
    ...(state.pausedBecause === undefined ? [] : [`nothing new is begun: ${state.pausedBecause}`]),
  ];
  if (now.length === 0 && state.notes.length === 0) return null;
  return (
    <div className="notes">
      {now.map((text) => (
        <p key={text} role="status">
          {text}
        </p>
      ))}
      {state.notes.length === 0 ? null : (
        <details open={state.notes.length <= 3}>
          <summary>notes {state.notes.length}</summary>
          <ul>
            {state.notes.map(({ at, level, message }) => (
              <li key={`${at} ${message}`} className={level}>
                <time className="quiet">{timeOfDay(at)}</time> {level === 'warning' ? 'warning: ' : ''}
                {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}
