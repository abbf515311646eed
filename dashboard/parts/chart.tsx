// SPDX-License-Identifier: GPL-2.0-or-later
import { type ReactElement, useEffect, useRef } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { ResourceSeries } from '../../src/events/resource-series.ts';
import { timeOfDay } from './format.ts';
import type { Palette } from './palette.ts';
import { useWidth } from './use-width.ts';

const height = 190;
/** The charts that lie below one another show the same moment under the pointer. */
const cursor: UPlot.Cursor = { sync: { key: 'resources' }, points: { size: 6 }, drag: { x: true, y: false } };

interface Props {
  readonly title: string;
  readonly data: UPlot.AlignedData;
  readonly series: readonly (UPlot.Series & { readonly label: string })[];
  /** Steps that the axis may have; default: round decimal ones. */
  readonly steps?: readonly number[];
  readonly axisText: (value: number | null) => string;
  readonly pauses: ResourceSeries['pauses'];
  readonly palette: Palette;
}

/** Lines over time. */
export function Chart({ title, data, series, axisText, steps, pauses, palette }: Props): ReactElement {
  const [element, width] = useWidth<HTMLDivElement>();
  const chart = useRef<UPlot>(undefined);
  const latest = useRef(data);
  latest.current = data;
  const shaded = useRef(pauses);
  shaded.current = pauses;
  const names = series.map(({ label }) => label).join(' ');
  useEffect(() => {
    if (element.current === null || width === 0) return undefined;
    const axis = { stroke: palette.quiet, grid: { stroke: palette.line, width: 1 }, ticks: { show: false } };
    const made = new UPlot(
      {
        width,
        height,
        cursor,
        legend: { live: true },
        scales: { y: { range: (_chart, _low, high) => [0, Math.max(high * 1.08, 1)] } },
        axes: [
          {
            ...axis,
            size: 26,
            space: 70,
            values: (_chart, splits, _axis, _space, step) => splits.map((at) => clockText(at, step)),
          },
          {
            ...axis,
            size: 64,
            ...(steps === undefined ? {} : { incrs: [...steps] }),
            values: (_chart, splits) => splits.map((value) => axisText(value)),
          },
        ],
        series: [{ label: 'at', value: '{HH}:{mm}:{ss}' }, ...series],
        hooks: { drawClear: [(drawn) => shade(drawn, shaded.current, palette)] },
      },
      latest.current,
      element.current,
    );
    chart.current = made;
    return () => {
      chart.current = undefined;
      made.destroy();
    };
    // The functions in `series` are new each time, and do the same: its names tell.
  }, [width, palette, names]);
  useEffect(() => chart.current?.setData(data), [data]);
  return (
    <figure className="chart">
      <figcaption>{title}</figcaption>
      <div ref={element} role="img" aria-label={`${title} over time: ${names}`} />
    </figure>
  );
}

/** @param step between two marks of the axis, in seconds as `at`. */
function clockText(at: number, step: number): string {
  const text = timeOfDay(at * 1000);
  return step < 60 ? text : text.slice(0, 5);
}

/** Marks when nothing new was begun. */
function shade(chart: UPlot, pauses: ResourceSeries['pauses'], palette: Palette): void {
  const { ctx: context, bbox } = chart;
  context.save();
  context.globalAlpha = 0.18;
  context.fillStyle = palette.budget;
  for (const { from, to } of pauses) {
    const left = chart.valToPos(from / 1000, 'x', true);
    const right = to === undefined ? bbox.left + bbox.width : chart.valToPos(to / 1000, 'x', true);
    context.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
  }
  context.restore();
}
