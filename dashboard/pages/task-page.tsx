// SPDX-License-Identifier: GPL-2.0-or-later
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { AttemptState } from '../../src/events/campaign-state.ts';
import { client } from '../data/client.ts';
import { useDocument, useNow } from '../data/hooks.ts';
import type { TaskDocument } from '../data/task-document.ts';
import { ArtifactList } from '../parts/artifact-list.tsx';
import { DependencyList } from '../parts/dependency-list.tsx';
import { InstallChecks } from '../parts/install-checks.tsx';
import { LogView } from '../parts/log-view.tsx';
import { Failed, Loading } from '../parts/messages.tsx';
import { OutcomeReason } from '../parts/outcome-reason.tsx';
import { OutcomeWord, TaskWord } from '../parts/outcome-word.tsx';
import { PhaseWaterfall } from '../parts/phase-waterfall.tsx';
import { RetryButton } from '../parts/retry-button.tsx';
import type { TaskSearch } from '../parts/task-search.ts';
import { UsageTable } from '../parts/usage-table.tsx';
import { useTitle } from '../parts/use-title.ts';

const refreshMs = 1000;

interface Props {
  readonly campaign: string;
  readonly task: number;
  readonly search: TaskSearch;
}

/** One task: what was done, what came of it, and why. */
export function TaskPage({ campaign, task, search }: Props): ReactElement {
  const path = `/api/campaigns/${campaign}/tasks/${task}`;
  const first = useDocument<TaskDocument>(path);
  const isOpen = first.data !== undefined && first.data.task.status !== 'ended';
  const { data, error } = useDocument<TaskDocument>(path, isOpen ? refreshMs : undefined);
  useTitle(data?.task.source ?? `task ${task}`, campaign);
  if (data === undefined) return error === null ? <Loading /> : <Failed error={error} />;
  return (
    <>
      {error === null ? null : <Failed error={error} />}
      <Task document={data} search={search} />
    </>
  );
}

function Task({
  document,
  search,
}: {
  readonly document: TaskDocument;
  readonly search: TaskSearch;
}): ReactElement {
  const { campaign, task } = document;
  const now = useNow(task.status !== 'ended');
  const attempt = task.attempts.find((one) => one.attempt === search.attempt) ?? task.attempts.at(-1);
  const isLast = attempt === task.attempts.at(-1);
  return (
    <div className="task">
      <nav className="crumbs" aria-label="Where this is">
        <Link to="/campaigns/$campaign" params={{ campaign }}>
          {campaign}
        </Link>
      </nav>
      <div className="head">
        <h1>
          {task.source} <span className="quiet">{task.version}</span>
        </h1>
        <TaskWord task={task} />
        {task.verdict === undefined ? null : <span className="quiet">{task.verdict}</span>}
        {client.isLive ? (
          <Link to="/packages/$source" params={{ source: task.source }}>
            history
          </Link>
        ) : null}
        {client.isLive && task.status === 'ended' ? <RetryButton campaign={campaign} task={task} /> : null}
      </div>
      {task.reusedFrom === undefined ? null : (
        <p className="under">
          Nothing that could change its result is other than in{' '}
          <Link to="/campaigns/$campaign" params={{ campaign: task.reusedFrom }}>
            {task.reusedFrom}
          </Link>
          , whose result holds.
        </p>
      )}
      {attempt === undefined ? (
        <p className="empty">It has not been started{task.status === 'ended' ? '' : ' yet'}.</p>
      ) : (
        <>
          <AttemptTabs document={document} shown={attempt} />
          <OutcomeReason
            outcome={attempt.outcome}
            place={{ campaign, task: task.task, attempt: attempt.attempt }}
          />
          <div className="columns">
            <PhaseWaterfall task={task} attempt={attempt} now={now} />
            <UsageTable document={document} attempt={attempt} />
          </div>
          {isLast && task.installChecks.length > 0 ? <InstallChecks checks={task.installChecks} /> : null}
          {isLast && client.isLive ? <DependencyList campaign={campaign} task={task.task} /> : null}
          {isLast && task.artifacts.length > 0 ? <ArtifactList document={document} /> : null}
          <LogView
            key={attempt.attempt}
            place={{ campaign, task: task.task, attempt: attempt.attempt }}
            isGrowing={attempt.endedAt === undefined}
            line={search.line ?? decisiveLine(attempt)}
            marked={markedLines(attempt)}
          />
        </>
      )}
    </div>
  );
}

function AttemptTabs({
  document,
  shown,
}: {
  readonly document: TaskDocument;
  readonly shown: AttemptState;
}): ReactElement | null {
  const { campaign, task } = document;
  if (task.attempts.length < 2) return null;
  return (
    <nav className="tabs" aria-label="Attempts">
      {task.attempts.map(({ attempt, outcome, alone }) => (
        <Link
          key={attempt}
          to="/campaigns/$campaign/tasks/$task"
          params={{ campaign, task: String(task.task) }}
          search={{ attempt }}
          replace
          aria-current={attempt === shown.attempt ? 'page' : undefined}
        >
          attempt {attempt} {outcome === undefined ? null : <OutcomeWord outcome={outcome} />}
          {alone === true ? <span className="quiet"> alone</span> : null}
        </Link>
      ))}
    </nav>
  );
}

function decisiveLine({ outcome }: AttemptState): number | undefined {
  return outcome?.kind === 'failed' ? outcome.failure?.lines[0]?.line : undefined;
}

function markedLines({ outcome }: AttemptState): ReadonlySet<number> {
  const lines = outcome?.kind === 'failed' ? (outcome.failure?.lines ?? []) : [];
  return new Set(lines.map(({ line }) => line));
}
