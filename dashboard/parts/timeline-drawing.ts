// SPDX-License-Identifier: GPL-2.0-or-later
import { formatDuration } from '../../src/base/duration.ts';
import type { CampaignState } from '../../src/events/campaign-state.ts';
import { isPassed } from '../../src/events/outcome.ts';
import type { Timeline } from '../../src/server/api/campaigns.ts';
import type { Palette } from './palette.ts';

/** Milliseconds since the campaign's start. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** An attempt on a worker's line; `to` of one that runs is what it would be now. */
export interface TimelineBar extends TimeRange {
  readonly task: number;
  readonly attempt: number;
  readonly worker: number;
  readonly state: 'passed' | 'failed' | 'running';
  /** Of each phase: its place in the list of names, start and end. */
  readonly phases: readonly number[];
  readonly phaseNames: readonly string[];
}

export const laneHeight = 22;
const labelWidth = 30;
const axisHeight = 20;
/** Narrower bars are one colour. */
const phasesFromPixels = 24;

/** What the server knew of attempts that were over, and those that have ended or begun since. */
export function timelineBars(timeline: Timeline, state: CampaignState): TimelineBar[] {
  const known = new Set<string>();
  const bars: TimelineBar[] = timeline.task.map((task, index) => {
    const attempt = timeline.attempt[index] ?? 0;
    known.add(`${task} ${attempt}`);
    return {
      task,
      attempt,
      worker: timeline.worker[index] ?? 0,
      from: timeline.started[index] ?? 0,
      to: timeline.ended[index] ?? 0,
      state: timeline.passed[index] === true ? 'passed' : 'failed',
      phases: timeline.phases[index] ?? [],
      phaseNames: timeline.phaseNames,
    };
  });
  for (const { task, attempts, phases } of state.tasks.values()) {
    for (const { attempt, worker, assignedAt, endedAt, outcome } of attempts) {
      if (worker === undefined || assignedAt === undefined || known.has(`${task} ${attempt}`)) continue;
      // Attempts follow one another, and so do their phases.
      const own = phases.filter(
        (phase) => phase.startedAt >= assignedAt && phase.startedAt <= (endedAt ?? Number.POSITIVE_INFINITY),
      );
      const places = own.flatMap((phase) => [
        timeline.phaseNames.indexOf(phase.phase),
        phase.startedAt - state.startedAt,
        (phase.endedAt ?? endedAt ?? Number.POSITIVE_INFINITY) - state.startedAt,
      ]);
      bars.push({
        task,
        attempt,
        worker,
        from: assignedAt - state.startedAt,
        to: endedAt === undefined ? Number.POSITIVE_INFINITY : endedAt - state.startedAt,
        state:
          endedAt === undefined
            ? 'running'
            : outcome !== undefined && isPassed(outcome)
              ? 'passed'
              : 'failed',
        phases: places,
        phaseNames: timeline.phaseNames,
      });
    }
  }
  return bars;
}

interface Drawing {
  readonly bars: readonly TimelineBar[];
  readonly range: TimeRange;
  /** Until when a running attempt has come. */
  readonly until: number;
  readonly workers: number;
  readonly width: number;
  readonly height: number;
  readonly palette: Palette;
}

/** Draws all of it. */
export function drawTimeline(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const { bars, range, until, workers, width, height, palette } = drawing;
  const scale = window.devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  context.scale(scale, scale);
  context.font = '11px system-ui, sans-serif';
  const place = (ms: number): number =>
    labelWidth + ((ms - range.from) / (range.to - range.from)) * (width - labelWidth);
  drawAxis(context, drawing, place);
  context.fillStyle = palette.quiet;
  context.textAlign = 'right';
  for (let worker = 0; worker < workers; worker++) {
    context.fillText(String(worker + 1), labelWidth - 8, worker * laneHeight + 14);
  }
  context.save();
  context.beginPath();
  context.rect(labelWidth, 0, width - labelWidth, height - axisHeight);
  context.clip();
  for (const bar of bars) {
    const to = Math.min(bar.to, until);
    if (to < range.from || bar.from > range.to) continue;
    const [left, right] = [place(bar.from), place(to)];
    const top = bar.worker * laneHeight + 3;
    const barHeight = laneHeight - 6;
    const barWidth = Math.max(0.75, right - left - (right - left > 3 ? 1 : 0));
    if (bar.state === 'failed') context.fillStyle = palette.failed;
    else context.fillStyle = bar.state === 'running' ? palette['running-piece'] : palette['phase-build'];
    context.fillRect(left, top, barWidth, barHeight);
    if (right - left >= phasesFromPixels) drawPhases(context, bar, until, place, top, barHeight, palette);
  }
  context.restore();
}

function drawPhases(
  context: CanvasRenderingContext2D,
  bar: TimelineBar,
  until: number,
  place: (ms: number) => number,
  top: number,
  height: number,
  palette: Palette,
): void {
  for (let at = 0; at < bar.phases.length; at += 3) {
    const name = bar.phaseNames[bar.phases[at] ?? -1] ?? '';
    const from = Math.max(bar.from, bar.phases[at + 1] ?? 0);
    const to = Math.min(until, bar.phases[at + 2] ?? 0);
    if (name === 'build' || to <= from) continue;
    const isAfter = name === 'collect' || name === 'install-check';
    context.fillStyle = isAfter ? palette['phase-after'] : palette['phase-before'];
    context.fillRect(place(from), top, Math.max(1, place(to) - place(from)), height);
  }
}

const steps = [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400].map(
  (seconds) => seconds * 1000,
);

function drawAxis(
  context: CanvasRenderingContext2D,
  { range, width, height, palette }: Drawing,
  place: (ms: number) => number,
): void {
  const wanted = ((range.to - range.from) * 90) / Math.max(1, width);
  const step = steps.find((one) => one >= wanted) ?? 86_400_000;
  context.strokeStyle = palette.line;
  context.fillStyle = palette.quiet;
  context.textAlign = 'center';
  for (let ms = Math.ceil(range.from / step) * step; ms <= range.to; ms += step) {
    const x = Math.round(place(ms)) + 0.5;
    context.beginPath();
    context.moveTo(x, 0);
    context.lineTo(x, height - axisHeight);
    context.stroke();
    context.fillText(ms === 0 ? '0' : formatDuration(ms), Math.min(x, width - 22), height - 5);
  }
}

/** The attempt under the pointer. */
export function barAt(
  bars: readonly TimelineBar[],
  range: TimeRange,
  width: number,
  x: number,
  y: number,
): TimelineBar | undefined {
  const worker = Math.floor(y / laneHeight);
  const ms = range.from + ((x - labelWidth) / Math.max(1, width - labelWidth)) * (range.to - range.from);
  const slack = (range.to - range.from) / Math.max(1, width);
  return bars.find(
    (bar) => bar.worker === worker && bar.from - slack <= ms && ms <= bar.to + slack && x >= labelWidth,
  );
}
