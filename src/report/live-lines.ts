// SPDX-License-Identifier: GPL-2.0-or-later
import { formatDuration } from '../base/duration.ts';
import { estimateRestMs } from '../events/campaign-figures.ts';
import type { CampaignState, TaskState } from '../events/campaign-state.ts';
import type { Style } from './style.ts';
import { visibleWidth } from './table.ts';

/**
 * The lines that a terminal shows while a campaign runs, each at most `width` columns: a line per worker with phase
 * and elapsed time, what is being prepared, and the totals with an estimate of the rest.
 */
export function liveLines(state: CampaignState, now: number, width: number, style: Style): string[] {
  const lines: string[] = [];
  if (state.preparing !== undefined) lines.push(`${style.dim('…')} ${state.preparing}`);
  const tasks = [...state.tasks.values()];
  const running = tasks.filter((task) => task.status === 'running');
  for (let worker = 0; worker < state.workers; worker++) {
    const task = running.find((candidate) => candidate.attempts.at(-1)?.worker === worker);
    if (task !== undefined) lines.push(`${style.dim(`[${worker + 1}]`)} ${workerText(task, now, style)}`);
    else if (state.preparing === undefined) lines.push(style.dim(`[${worker + 1}] idle`));
  }
  const ahead = tasks.filter((task) => task.status === 'preparing');
  for (const task of ahead.slice(0, 2)) lines.push(`${style.dim('  +')} ${workerText(task, now, style)}`);
  if (state.pausedBecause !== undefined) lines.push(`nothing new begins: ${state.pausedBecause}`);
  lines.push(progressLine(state, now, style));
  return lines.map((line) => clip(line, width));
}

function workerText(task: TaskState, now: number, style: Style): string {
  const phase = task.phases.at(-1);
  const attempt = task.attempts.at(-1);
  const elapsed = attempt === undefined ? '' : formatDuration(Math.max(0, now - attempt.startedAt));
  const what = phase === undefined ? '' : [phase.phase, phase.detail].filter(Boolean).join(' ');
  return `${style.bold(task.source)} ${style.dim(task.version)} ${what} ${style.dim(elapsed)}`;
}

function progressLine(state: CampaignState, now: number, style: Style): string {
  const { built, ended, tasks } = state.totals;
  const failed = ended - built;
  const rest = estimateRestMs(state, now);
  const parts = [
    `${ended} of ${tasks} done`,
    style.good(`${built} built`),
    failed > 0 ? style.bad(`${failed} not`) : '',
    formatDuration(Math.max(0, now - state.startedAt)),
    rest === undefined || rest < 1000 ? '' : style.dim(`about ${formatDuration(rest)} left`),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

function clip(line: string, width: number): string {
  if (visibleWidth(line) <= width) return line;
  let columns = 0;
  let kept = '';
  for (const part of line.split(/(\x1b\[\d+m)/)) {
    if (part.startsWith('\x1b')) {
      kept += part;
      continue;
    }
    const room = Math.max(0, width - 1 - columns);
    kept += [...part].slice(0, room).join('');
    columns += Math.min([...part].length, room);
  }
  return `${kept}…`;
}
