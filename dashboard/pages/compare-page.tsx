// SPDX-License-Identifier: GPL-2.0-or-later
import { Link } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import type { Outcome } from '../../src/events/outcome.ts';
import type { ComparedSide, Comparison } from '../../src/server/api/compare.ts';
import { useDocument } from '../data/hooks.ts';
import { count } from '../parts/format.ts';
import { Empty, Failed, Loading } from '../parts/messages.tsx';
import { OutcomeWord } from '../parts/outcome-word.tsx';
import { PackageDifferences } from '../parts/package-differences.tsx';
import { useTitle } from '../parts/use-title.ts';

/** So many of one verdict are shown before the reader asks for the others. */
const shownFirst = 100;

const verdictNames: Readonly<Record<string, string>> = {
  regression: 'Regressions',
  'newly-unsatisfiable': 'Newly unsatisfiable',
  flaky: 'Flaky',
  fixed: 'Fixed',
  'already-broken': 'Broken before',
  'host-fault': 'Not the package’s fault',
  'not-compared': 'Not compared',
  'only-before': 'Only before',
  'only-after': 'Only after',
  unchanged: 'Built in both',
};

/** Two campaigns: what got worse first. */
export function ComparePage({
  baseline,
  candidate,
}: {
  readonly baseline: string;
  readonly candidate: string;
}): ReactElement {
  useTitle(`${baseline} and ${candidate}`);
  const { data, error } = useDocument<Comparison>(`/api/compare/${baseline}/${candidate}`);
  if (data === undefined) return error === null ? <Loading /> : <Failed error={error} />;
  return (
    <div className="compare">
      <h1>
        From <CampaignLink id={data.before.id} /> to <CampaignLink id={data.after.id} />
      </h1>
      {error === null ? null : <Failed error={error} />}
      {data.notes.map((note) => (
        <p key={note} className="under quiet">
          {note}
        </p>
      ))}
      <ul className="legend">
        {data.verdicts.map(({ verdict, count: sources }) => (
          <li key={verdict}>
            <a href={`#${verdict}`} onClick={(event) => jump(event, verdict)}>
              {verdictNames[verdict] ?? verdict} <span className="tabular">{count(sources)}</span>
            </a>
          </li>
        ))}
      </ul>
      {data.verdicts.length === 0 ? <Empty>Neither has a task.</Empty> : null}
      {data.verdicts.map(({ verdict, count: sources }) => (
        <section key={verdict} id={verdict} aria-labelledby={`${verdict}-title`}>
          <h2 id={`${verdict}-title`}>
            {verdictNames[verdict] ?? verdict} <span className="quiet tabular">{count(sources)}</span>
          </h2>
          <Sources comparison={data} sources={data.sources.filter((one) => one.verdict === verdict)} />
        </section>
      ))}
    </div>
  );
}

/** Not by the address: in a report what is behind `#` is the page's own. */
function jump(event: { preventDefault(): void }, id: string): void {
  event.preventDefault();
  document.getElementById(id)?.scrollIntoView({ block: 'start' });
}

function CampaignLink({ id }: { readonly id: string }): ReactElement {
  return (
    <Link to="/campaigns/$campaign" params={{ campaign: id }}>
      {id}
    </Link>
  );
}

function Sources({
  comparison,
  sources,
}: {
  readonly comparison: Comparison;
  readonly sources: Comparison['sources'];
}): ReactElement {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? sources : sources.slice(0, shownFirst);
  return (
    <>
      <table className="list compared">
        <thead>
          <tr>
            <th scope="col">source</th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ source, before, after }) => (
            <tr key={`${source} ${before?.version ?? ''} ${after?.version ?? ''}`}>
              <th scope="row">
                {source}
                {isBuilt(before) && isBuilt(after) ? (
                  <PackageDifferences
                    before={comparison.before.id}
                    after={comparison.after.id}
                    source={source}
                  />
                ) : null}
              </th>
              <td>
                <Side campaign={comparison.before.id} side={before} />
              </td>
              <td>
                <Side campaign={comparison.after.id} side={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown.length < sources.length ? (
        <p>
          <button type="button" onClick={() => setAll(true)}>
            show all {count(sources.length)}
          </button>
        </p>
      ) : null}
    </>
  );
}

function isBuilt(side: ComparedSide | undefined): boolean {
  return side?.outcome?.kind === 'built';
}

function Side({
  campaign,
  side,
}: {
  readonly campaign: string;
  readonly side: ComparedSide | undefined;
}): ReactElement {
  if (side === undefined) return <span className="quiet">–</span>;
  return (
    <>
      <Link to="/campaigns/$campaign/tasks/$task" params={{ campaign, task: String(side.task) }}>
        {side.version}
      </Link>{' '}
      {side.outcome === undefined ? null : <OutcomeWord outcome={side.outcome as Outcome} />}
      {side.line === '' ? null : <code>{side.line}</code>}
    </>
  );
}
