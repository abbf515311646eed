// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';
import { formatDuration } from '../../src/base/duration.ts';
import type { InstallCheckState } from '../../src/events/campaign-state.ts';
import { outcomeText } from '../../src/events/outcome-text.ts';
import { OutcomeWord } from './outcome-word.tsx';

/** Whether what was built installs. */
export function InstallChecks({ checks }: { readonly checks: readonly InstallCheckState[] }): ReactElement {
  return (
    <section aria-labelledby="checks">
      <h2 id="checks">Install checks</h2>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">package</th>
            <th scope="col">outcome</th>
            <th scope="col">said</th>
            <th scope="col" className="number">
              time
            </th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <tr key={check.package}>
              <th scope="row">
                {check.package} <span className="quiet">{check.version}</span>
              </th>
              <td>
                <OutcomeWord outcome={check.outcome} />
              </td>
              <td>
                {[outcomeText(check.outcome).reason, ...check.warnings.map((text) => `warning: ${text}`)]
                  .filter((text) => text !== '')
                  .map((text) => (
                    <div key={text}>{text}</div>
                  ))}
              </td>
              <td className="number">{formatDuration(check.wallMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
