// SPDX-License-Identifier: GPL-2.0-or-later
import type { RecordedEvent, ResourceSample } from './events.ts';

const mostSamples = 1200;

/** Resources over a campaign's time: by columns, and never more than some hundred samples. */
export interface ResourceSeries {
  /** Milliseconds since the epoch, ascending. */
  readonly at: number[];
  readonly memoryBytes: number[];
  readonly upperBytes: number[];
  readonly availableBytes: number[];
  readonly busyCores: number[];
  /** Shares, 0 to 1; null where the kernel doesn't tell. */
  readonly cpuPressure: (number | null)[];
  readonly memoryPressure: (number | null)[];
  readonly ioPressure: (number | null)[];
  /** When nothing new was begun although there were workers for it; `to` is absent while it lasts. */
  readonly pauses: { readonly from: number; to?: number; readonly because: string }[];
  /** So many events' samples are in one of the columns' entries, but for the last, which may have fewer. */
  each: number;
  /** So many are in the last entry. */
  inLast: number;
}

export function emptySeries(): ResourceSeries {
  return {
    at: [],
    memoryBytes: [],
    upperBytes: [],
    availableBytes: [],
    busyCores: [],
    cpuPressure: [],
    memoryPressure: [],
    ioPressure: [],
    pauses: [],
    each: 1,
    inLast: 1,
  };
}

/**
 * Takes an event into the series, in place; most say nothing of resources. Where there are too many samples, two become
 * one: of memory the highest, since the budget is kept or broken by that, of all else the mean; available the lowest.
 */
export function addToSeries(series: ResourceSeries, event: RecordedEvent): void {
  switch (event.type) {
    case 'resources-sampled':
      addSample(series, event.at, event);
      return;
    case 'admission-paused':
      endPause(series, event.at);
      series.pauses.push({ from: event.at, because: event.because });
      return;
    case 'admission-resumed':
    case 'campaign-resumed':
    case 'campaign-ended':
      endPause(series, event.at);
      return;
    default:
      return;
  }
}

function endPause({ pauses }: ResourceSeries, at: number): void {
  const last = pauses.at(-1);
  if (last !== undefined && last.to === undefined) last.to = at;
}

function addSample(series: ResourceSeries, at: number, sample: ResourceSample): void {
  const { pressure } = sample;
  const next = {
    memoryBytes: sample.memoryBytes,
    upperBytes: sample.upperBytes,
    availableBytes: sample.availableBytes,
    busyCores: sample.busyCores,
    cpuPressure: pressure?.cpu ?? null,
    memoryPressure: pressure?.memory ?? null,
    ioPressure: pressure?.io ?? null,
  };
  if (series.at.length === 0 || series.inLast >= series.each) {
    if (series.at.length >= mostSamples) halve(series);
    series.at.push(at);
    series.inLast = 1;
    for (const column of columns) (series[column] as (number | null)[]).push(next[column]);
    return;
  }
  const last = series.at.length - 1;
  for (const column of columns) {
    const values = series[column] as (number | null)[];
    values[last] = joined(column, values[last] ?? null, next[column], series.inLast, 1);
  }
  series.inLast++;
}

const columns = [
  'memoryBytes',
  'upperBytes',
  'availableBytes',
  'busyCores',
  'cpuPressure',
  'memoryPressure',
  'ioPressure',
] as const;

type Column = (typeof columns)[number];

function halve(series: ResourceSeries): void {
  const half = Math.floor(series.at.length / 2);
  for (let index = 0; index < half; index++) {
    series.at[index] = series.at[2 * index] ?? 0;
    for (const column of columns) {
      const values = series[column] as (number | null)[];
      values[index] = joined(column, values[2 * index] ?? null, values[2 * index + 1] ?? null, 1, 1);
    }
  }
  for (const values of [series.at, ...columns.map((column) => series[column])]) values.length = half;
  series.each *= 2;
}

/** @param weight of `a`, as `b` has `other`. */
function joined(
  column: Column,
  a: number | null,
  b: number | null,
  weight: number,
  other: number,
): number | null {
  if (a === null || b === null) return a ?? b;
  if (column === 'memoryBytes' || column === 'upperBytes') return Math.max(a, b);
  if (column === 'availableBytes') return Math.min(a, b);
  return (a * weight + b * other) / (weight + other);
}
