// SPDX-License-Identifier: GPL-2.0-or-later
import { useNavigate } from '@tanstack/react-router';
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactElement,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { formatDuration } from '../../src/base/duration.ts';
import type { Timeline } from '../../src/server/api/campaigns.ts';
import type { CampaignFollower } from '../data/campaign-follower.ts';
import { useDocument, useNow } from '../data/hooks.ts';
import { Failed, Loading } from './messages.tsx';
import { barAt, drawTimeline, laneHeight, type TimeRange, timelineBars } from './timeline-drawing.ts';
import { usePalette } from './use-palette.ts';
import { useWidth } from './use-width.ts';

const zoomStep = 1.5;
const shortestRangeMs = 2000;

interface Props {
  readonly follower: CampaignFollower;
  readonly version: number;
}

/** Who built what when: a line for each worker, a bar for each attempt, its phases where there is room for them. */
export function WorkersTimeline({ follower, version }: Props): ReactElement {
  const { state } = follower;
  const { data, error } = useDocument<Timeline>(`/api/campaigns/${state.id}/timeline`);
  const now = useNow(follower.isRunning);
  const until = (follower.isRunning ? now : state.at) - state.startedAt;
  // `version` stands for what changed in `state`.
  const bars = useMemo(() => (data === undefined ? [] : timelineBars(data, state)), [data, state, version]);
  const [zoom, setZoom] = useState<TimeRange>();
  const range = zoom ?? { from: 0, to: Math.max(until, shortestRangeMs) };
  if (data === undefined) return error === null ? <Loading /> : <Failed error={error} />;
  return (
    <section aria-label="Workers">
      <div className="timeline-tools">
        <button type="button" onClick={() => setZoom(scaled(range, 1 / zoomStep, until))}>
          zoom in
        </button>
        <button
          type="button"
          disabled={zoom === undefined}
          onClick={() => setZoom(scaled(range, zoomStep, until))}
        >
          zoom out
        </button>
        <button type="button" disabled={zoom === undefined} onClick={() => setZoom(undefined)}>
          all
        </button>
        <span className="quiet">
          {formatDuration(range.from)} to {formatDuration(range.to)}
        </span>
        <ul className="legend">
          <li className="outcome phase-before">before</li>
          <li className="outcome phase-build">build</li>
          <li className="outcome phase-after">after</li>
          <li className="outcome failed">failed</li>
          <li className="outcome running">running</li>
        </ul>
      </div>
      <TimelineCanvas
        bars={bars}
        range={range}
        until={until}
        workers={state.workers}
        campaign={state.id}
        nameOf={(task) => {
          const found = state.tasks.get(task as never);
          return found === undefined ? '' : `${found.source} ${found.version}`;
        }}
        onZoom={setZoom}
      />
    </section>
  );
}

interface CanvasProps {
  readonly bars: ReturnType<typeof timelineBars>;
  readonly range: TimeRange;
  readonly until: number;
  readonly workers: number;
  readonly campaign: string;
  readonly nameOf: (task: number) => string;
  readonly onZoom: (range: TimeRange | undefined) => void;
}

function TimelineCanvas({
  bars,
  range,
  until,
  workers,
  campaign,
  nameOf,
  onZoom,
}: CanvasProps): ReactElement {
  const palette = usePalette();
  const navigate = useNavigate();
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<{ readonly x: number; readonly range: TimeRange; moved: boolean }>(undefined);
  const [hovered, setHovered] = useState<{ readonly text: string; readonly x: number; readonly y: number }>();
  const height = workers * laneHeight + 20;
  useEffect(() => {
    if (canvas.current !== null && width > 0) {
      drawTimeline(canvas.current, { bars, range, until, workers, width, height, palette });
    }
  }, [bars, range, until, workers, width, height, palette]);
  // React listens to wheels passively; the page is not to scroll while one zooms.
  useEffect(() => {
    const element = canvas.current;
    const onWheel = (event: WheelEvent): void => {
      if (!event.ctrlKey && !event.shiftKey) return;
      event.preventDefault();
      const share = event.offsetX / Math.max(1, width);
      onZoom(scaled(range, event.deltaY < 0 ? 1 / zoomStep : zoomStep, until, share));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  });
  const onMove = (event: PointerEvent): void => {
    const { offsetX: x, offsetY: y } = event.nativeEvent;
    const start = drag.current;
    if (start !== undefined) {
      const ms = ((start.x - x) / Math.max(1, width)) * (start.range.to - start.range.from);
      if (Math.abs(start.x - x) > 3) start.moved = true;
      if (start.moved) onZoom(moved(start.range, ms, until));
    }
    const bar = barAt(bars, range, width, x, y);
    setHovered(
      bar === undefined
        ? undefined
        : { text: `${nameOf(bar.task)} · ${formatDuration(bar.to - bar.from)}`, x, y },
    );
  };
  const onUp = (event: PointerEvent): void => {
    const wasDragged = drag.current?.moved === true;
    drag.current = undefined;
    const bar = barAt(bars, range, width, event.nativeEvent.offsetX, event.nativeEvent.offsetY);
    if (wasDragged || bar === undefined) return;
    void navigate({
      to: '/campaigns/$campaign/tasks/$task',
      params: { campaign, task: String(bar.task) },
      search: { attempt: bar.attempt },
    });
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = (range.to - range.from) / 4;
    const next = {
      ArrowLeft: moved(range, -step, until),
      ArrowRight: moved(range, step, until),
      '+': scaled(range, 1 / zoomStep, until),
      '-': scaled(range, zoomStep, until),
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onZoom(next);
  };
  return (
    <div ref={box} className="timeline">
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`What ${workers} workers did. Arrow keys move, + and - zoom. The table of tasks has the same, as text.`}
        onPointerMove={onMove}
        onPointerDown={(event) => {
          drag.current = { x: event.nativeEvent.offsetX, range, moved: false };
        }}
        onPointerUp={onUp}
        onPointerLeave={() => {
          drag.current = undefined;
          setHovered(undefined);
        }}
        onKeyDown={onKey}
      />
      {hovered === undefined ? null : (
        <div
          className="tip"
          style={{ transform: `translate(${Math.min(hovered.x + 12, width - 260)}px, ${hovered.y + 16}px)` }}
        >
          {hovered.text}
        </div>
      )}
    </div>
  );
}

/** @param share of the range that stays where it is. */
function scaled(range: TimeRange, by: number, until: number, share = 0.5): TimeRange | undefined {
  const length = Math.max(shortestRangeMs, (range.to - range.from) * by);
  if (length >= until) return undefined;
  const fixed = range.from + (range.to - range.from) * share;
  const from = Math.max(0, Math.min(until - length, fixed - length * share));
  return { from, to: from + length };
}

function moved(range: TimeRange, ms: number, until: number): TimeRange {
  const length = range.to - range.from;
  const from = Math.max(0, Math.min(Math.max(0, until - length), range.from + ms));
  return { from, to: from + length };
}
