// SPDX-License-Identifier: GPL-2.0-or-later
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactElement, type ReactNode, useCallback } from 'react';
import type { HostReport } from '../../src/server/api/host.ts';
import type { CampaignStartInput } from '../../src/server/api/starts.ts';
import { useDocument, useMayChange } from '../data/hooks.ts';
import { useStart } from '../data/use-start.ts';
import { dateTime } from '../parts/format.ts';
import { Empty } from '../parts/messages.tsx';
import { StartMessages } from '../parts/start-messages.tsx';
import { useTitle } from '../parts/use-title.ts';

/** A form that starts a campaign on the server's machine. */
export function StartPage(): ReactElement {
  useTitle('Start');
  const navigate = useNavigate();
  const start = useStart(
    useCallback(
      (campaign: string) => void navigate({ to: '/campaigns/$campaign', params: { campaign } }),
      [navigate],
    ),
  );
  const mayChange = useMayChange();
  const { data: host } = useDocument<HostReport>('/api/host');
  if (!mayChange) {
    return (
      <>
        <h1>Start a campaign</h1>
        <Empty>
          Open this page by the address with the token that <code>paseka serve</code> printed.
        </Empty>
      </>
    );
  }
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    start.ask('/api/campaigns', readForm(new FormData(event.currentTarget)));
  };
  return (
    <>
      <h1>Start a campaign</h1>
      <form className="start" onSubmit={submit}>
        <Field
          name="sources"
          label="Sources"
          help="names, NAME=VERSION, or paths on the server, one on each line"
        >
          <textarea id="sources" name="sources" rows={5} aria-describedby="sources-help" />
        </Field>
        <Field name="match" label="And all that match" help="patterns such as lib*-perl, one on each line">
          <textarea id="match" name="match" rows={2} aria-describedby="match-help" />
        </Field>
        <Field name="snapshot" label="Snapshot" help="what is built from and against">
          <select id="snapshot" name="snapshot" aria-describedby="snapshot-help">
            <option value="">the newest of the suite</option>
            {(host?.snapshots ?? []).map(({ id, suite, architecture, createdAt }) => (
              <option key={id} value={id}>
                {suite} {architecture}, {dateTime(Date.parse(createdAt))}
              </option>
            ))}
          </select>
        </Field>
        <Field name="suite" label="Suite" help="default: the one of the server's machine">
          <input id="suite" name="suite" aria-describedby="suite-help" />
        </Field>
        <Field
          name="with"
          label="With packages of your own"
          help="paths on the server: a package, .changes, directory or repository, one on each line"
        >
          <textarea id="with" name="with" rows={2} aria-describedby="with-help" />
        </Field>
        <Field
          name="buildChange"
          label="With changed sources"
          help="paths on the server: a source package or directory that is built first, one on each line"
        >
          <textarea id="buildChange" name="buildChange" rows={2} aria-describedby="buildChange-help" />
        </Field>
        <Field name="jobs" label="Builds at once" help="default: as many as cores">
          <input id="jobs" name="jobs" type="number" min={1} aria-describedby="jobs-help" />
        </Field>
        <Field name="retries" label="Attempts after a failure" help="default: none, with a change one">
          <input id="retries" name="retries" type="number" min={0} aria-describedby="retries-help" />
        </Field>
        <div className="submit">
          <button type="submit" className="sure" disabled={start.isPending}>
            start
          </button>
          <StartMessages start={start} />
        </div>
      </form>
    </>
  );
}

function Field({
  name,
  label,
  help,
  children,
}: {
  readonly name: string;
  readonly label: string;
  readonly help: string;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {children}
      <small id={`${name}-help`} className="quiet">
        {help}
      </small>
    </div>
  );
}

function readForm(data: FormData): CampaignStartInput {
  const text = (name: string): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const lines = (name: string): string[] =>
    text(name)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  const count = (name: string): Record<string, number> =>
    text(name) === '' ? {} : { [name]: Number(text(name)) };
  const named = (name: string): Record<string, string> => (text(name) === '' ? {} : { [name]: text(name) });
  return {
    sources: text('sources')
      .split(/\s+/)
      .filter((word) => word !== ''),
    match: lines('match'),
    with: lines('with'),
    buildChange: lines('buildChange'),
    ...named('suite'),
    ...named('snapshot'),
    ...count('jobs'),
    ...count('retries'),
  };
}
