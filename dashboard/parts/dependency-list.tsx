// SPDX-License-Identifier: GPL-2.0-or-later
import { type ReactElement, useState } from 'react';
import type { TaskDependencies } from '../../src/server/api/tasks.ts';
import { useDocument, useMayChange } from '../data/hooks.ts';
import { countOf } from './format.ts';
import { Failed } from './messages.tsx';

interface Props {
  readonly campaign: string;
  readonly task: number;
}

/** What was installed to build a task and what asked for each, looked for when somebody wants to know. */
export function DependencyList(props: Props): ReactElement | null {
  const [isOpen, setOpen] = useState(false);
  // They are resolved again by a process of its own, which not everybody may start.
  if (!useMayChange()) return null;
  return (
    <section aria-labelledby="dependencies">
      <h2 id="dependencies">Build dependencies</h2>
      <details className="dependencies" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>what was installed, and why</summary>
        {isOpen ? <Found {...props} /> : null}
      </details>
    </section>
  );
}

function Found({ campaign, task }: Props): ReactElement {
  const [text, setText] = useState('');
  const path = `/api/campaigns/${campaign}/tasks/${task}/dependencies`;
  const { data, error } = useDocument<TaskDependencies>(path);
  if (data === undefined) {
    return error === null ? <p role="status">resolving them again</p> : <Failed error={error} />;
  }
  const why = data.unsatisfiable ?? data.notForArchitecture;
  if (why !== undefined) return <pre className="why-block">{why}</pre>;
  const shown = data.packages.filter(({ name, why = '' }) => `${name} ${why}`.includes(text));
  return (
    <>
      <p className="filters">
        <input
          type="search"
          placeholder="package or reason"
          aria-label="Package or reason"
          value={text}
          onChange={({ target }) => setText(target.value)}
        />
        <span className="quiet" role="status">
          {countOf(shown.length, 'package')}
          {data.removed === undefined ? '' : `; taken out of the base: ${data.removed.join(', ')}`}
        </span>
      </p>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">package</th>
            <th scope="col">version</th>
            <th scope="col">what asked for it</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ name, version, from, why }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                {version} {from === 'local' ? <span className="quiet">yours</span> : null}
              </td>
              <td className="reason">{why}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
