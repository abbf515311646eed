// SPDX-License-Identifier: GPL-2.0-or-later
import { useNavigate, useRouter } from '@tanstack/react-router';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  memo,
  type ReactElement,
  useDeferredValue,
  useMemo,
  useRef,
} from 'react';
import { formatBytes } from '../../src/base/bytes.ts';
import { formatDuration } from '../../src/base/duration.ts';
import type { CampaignState, TaskState } from '../../src/events/campaign-state.ts';
import {
  type CampaignSearch,
  type CampaignSearchChange,
  readCampaignSearch,
  type SortColumn,
} from './campaign-search.ts';
import { count } from './format.ts';
import { Empty } from './messages.tsx';
import { TaskWord } from './outcome-word.tsx';
import { TaskFilters } from './task-filters.tsx';
import { reasonOf, taskRows } from './task-rows.ts';
import { useIsNarrow } from './use-is-narrow.ts';

const rowHeight = 30;
/** On a phone the reason has a line of its own. */
const rowHeightWithReason = 54;

const columns: readonly { readonly sort?: SortColumn; readonly name: string; readonly className?: string }[] =
  [
    { sort: 'source', name: 'source' },
    { name: 'version' },
    { sort: 'outcome', name: 'outcome' },
    { name: 'why' },
    { sort: 'wall', name: 'time', className: 'number' },
    { sort: 'cpu', name: 'processor', className: 'number' },
    { sort: 'memory', name: 'memory', className: 'number' },
  ];

interface Props {
  readonly state: CampaignState;
  readonly search: CampaignSearch;
  readonly version: number;
}

/** All tasks: drawn as far as they can be seen, sorted and chosen by what the address says. */
export function TaskTable({ state, search, version }: Props): ReactElement {
  const shown = useDeferredValue(search);
  // `version` stands for what changed in `state`.
  const rows = useMemo(() => taskRows(state, shown), [state, shown, version]);
  const navigate = useNavigate({ from: '/campaigns/$campaign' });
  const change = (next: CampaignSearchChange): void =>
    void navigate({
      search: (before) => readCampaignSearch({ ...before, ...next }),
      replace: true,
      resetScroll: false,
    });
  return (
    <section aria-label="Tasks">
      <TaskFilters state={state} search={search} version={version} onChange={change} />
      <p className="quiet found" role="status">
        {rows.length === state.tasks.size ? '' : `${count(rows.length)} of ${count(state.tasks.size)}`}
      </p>
      {rows.length === 0 ? (
        <Empty>No task is like that.</Empty>
      ) : (
        <Rows campaign={state.id} rows={rows} search={search} version={version} onChange={change} />
      )}
    </section>
  );
}

function Rows({
  campaign,
  rows,
  search,
  version,
  onChange,
}: {
  readonly campaign: string;
  readonly rows: readonly TaskState[];
  readonly search: CampaignSearch;
  readonly version: number;
  readonly onChange: (next: CampaignSearchChange) => void;
}): ReactElement {
  const isNarrow = useIsNarrow();
  const body = useRef<HTMLDivElement>(null);
  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => {
      const task = rows[index];
      return isNarrow && task !== undefined && reasonOf(task) !== '' ? rowHeightWithReason : rowHeight;
    },
    overscan: 12,
    scrollMargin: body.current?.offsetTop ?? 0,
    // A new list has new heights.
    getItemKey: (index) => `${isNarrow} ${rows[index]?.task}`,
  });
  const moveFocus = (event: KeyboardEvent<HTMLDivElement>): void => {
    const current = Number((event.target as HTMLElement).closest('[data-index]')?.getAttribute('data-index'));
    const next = indexAfter(event.key, current, rows.length);
    if (Number.isNaN(current) || next === undefined) return;
    event.preventDefault();
    virtualizer.scrollToIndex(next, { align: 'auto' });
    focusWhenDrawn(body, next);
  };
  const router = useRouter();
  // Where tasks are: made once, since links that each ask the router are what scrolling would spend its time on.
  const place = useMemo(() => `/campaigns/${campaign}/tasks/`, [campaign]);
  const address = useMemo(() => router.history.createHref(place), [router, place]);
  const follow = (event: MouseEvent<HTMLDivElement>): void => {
    const link = (event.target as HTMLElement).closest('a');
    const isPlain =
      event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (link === null || !isPlain) return;
    event.preventDefault();
    router.history.push(`${place}${link.dataset['task']}`);
  };
  const items = virtualizer.getVirtualItems();
  const offset = virtualizer.options.scrollMargin;
  return (
    <div className="tasks" role="table" aria-rowcount={rows.length + 1} aria-label="Tasks">
      <div role="rowgroup" className="task-head">
        <div role="row" aria-rowindex={1} className="task-row">
          {columns.map(({ sort, name, className }) => (
            <span
              key={name}
              role="columnheader"
              className={className}
              aria-sort={sort !== undefined && search.sort === sort ? orderOf(search, sort) : undefined}
            >
              {sort === undefined ? (
                name
              ) : (
                <button type="button" className="plain" onClick={() => onChange(nextSort(search, sort))}>
                  {name}
                </button>
              )}
            </span>
          ))}
        </div>
      </div>
      <div
        ref={body}
        role="rowgroup"
        className="task-body"
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={moveFocus}
        onClick={follow}
      >
        {items.map((item) => {
          const task = rows[item.index];
          if (task === undefined) return null;
          return (
            <Row
              key={task.task}
              address={address}
              task={task}
              index={item.index}
              start={item.start - offset}
              size={item.size}
              version={version}
            />
          );
        })}
      </div>
    </div>
  );
}

interface RowProps {
  /** Of all tasks, without the number. */
  readonly address: string;
  readonly task: TaskState;
  readonly index: number;
  readonly start: number;
  readonly size: number;
  /** Stands for what changed in `task`. */
  readonly version: number;
}

/** Drawn again only when something of it is another: scrolling draws the rows that come, and leaves the others. */
const Row = memo(function Row({ address, task, index, start, size }: RowProps): ReactElement {
  const last = task.attempts.at(-1);
  const usage = last?.usage;
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      data-index={index}
      className="task-row"
      style={{ transform: `translateY(${start}px)`, height: size }}
    >
      <span role="cell" className="source">
        <a href={`${address}${task.task}`} data-task={task.task}>
          {task.source}
        </a>
      </span>
      <span role="cell" className="quiet version">
        {task.version}
      </span>
      <span role="cell" className="word">
        <TaskWord task={task} />
        {last !== undefined && last.attempt > 1 ? (
          <span className="quiet" title="attempts">
            {' '}
            ×{last.attempt}
          </span>
        ) : null}
      </span>
      <span role="cell" className="why">
        {reasonOf(task)}
      </span>
      <span role="cell" className="number">
        {usage === undefined ? '' : formatDuration(usage.wallMs)}
      </span>
      <span role="cell" className="number extra">
        {usage === undefined ? '' : formatDuration(usage.cpuMs)}
      </span>
      <span role="cell" className="number extra">
        {usage === undefined || usage.peakMemoryBytes === 0 ? '' : formatBytes(usage.peakMemoryBytes)}
      </span>
    </div>
  );
});

/** What is counted begins with the most. */
function orderOf({ down }: CampaignSearch, column: SortColumn): 'ascending' | 'descending' {
  const isCounted = column !== 'source' && column !== 'outcome' && column !== 'task';
  return (down === true) === isCounted ? 'ascending' : 'descending';
}

/** First the order that one looks for (names forwards, the most first), then the other one, then none. */
function nextSort(search: CampaignSearch, column: SortColumn): CampaignSearchChange {
  if (search.sort !== column) return { sort: column, down: undefined };
  if (search.down !== true) return { sort: column, down: true };
  return { sort: undefined, down: undefined };
}

const pageRows = 20;

function indexAfter(key: string, current: number, rows: number): number | undefined {
  const within = (index: number): number => Math.max(0, Math.min(rows - 1, index));
  switch (key) {
    case 'ArrowDown':
      return within(current + 1);
    case 'ArrowUp':
      return within(current - 1);
    case 'PageDown':
      return within(current + pageRows);
    case 'PageUp':
      return within(current - pageRows);
    case 'Home':
      return 0;
    case 'End':
      return rows - 1;
    default:
      return undefined;
  }
}

/** A row that is far away is drawn only after the scrolling. */
function focusWhenDrawn(body: { readonly current: HTMLDivElement | null }, index: number, frames = 30): void {
  const link = body.current?.querySelector<HTMLElement>(`[data-index="${index}"] a`);
  if (link !== null && link !== undefined) link.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusWhenDrawn(body, index, frames - 1));
}
