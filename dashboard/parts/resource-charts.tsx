// SPDX-License-Identifier: GPL-2.0-or-later
import { type ReactElement, useEffect, useMemo, useState } from 'react';
import type uPlot from 'uplot';
import { formatBytes } from '../../src/base/bytes.ts';
import type { CampaignFollower } from '../data/campaign-follower.ts';
import { Chart } from './chart.tsx';
import { countOf } from './format.ts';
import { Empty, Failed, Loading } from './messages.tsx';
import { usePalette } from './use-palette.ts';

type NamedSeries = uPlot.Series & { readonly label: string };

/** 1 MB, 2 MB, 4 MB, ...: what is counted in powers of two is marked at such. */
const byteSteps = Array.from({ length: 24 }, (_, power) => 2 ** (20 + power));

interface Props {
  readonly follower: CampaignFollower;
  readonly version: number;
}

/** Memory with its budget, processors and pressure over the campaign's time, one below the other. */
export function ResourceCharts({ follower, version }: Props): ReactElement {
  const palette = usePalette();
  const [error, setError] = useState<Error>();
  useEffect(() => void follower.loadSeries().catch(setError), [follower]);
  const { series, state } = follower;
  const budget = state.memoryBudgetBytes;
  // `version` stands for what changed in `series`.
  const columns = useMemo(() => {
    if (series === undefined || series.at.length === 0) return undefined;
    const seconds = series.at.map((at) => at / 1000);
    const share = (values: readonly (number | null)[]): (number | null)[] =>
      values.map((value) => (value === null ? null : value * 100));
    return {
      memory: [
        seconds,
        series.memoryBytes,
        series.upperBytes,
        ...(budget === undefined ? [] : [seconds.map(() => budget)]),
      ] as uPlot.AlignedData,
      cores: [seconds, series.busyCores] as uPlot.AlignedData,
      pressure: [
        seconds,
        share(series.cpuPressure),
        share(series.memoryPressure),
        share(series.ioPressure),
      ] as uPlot.AlignedData,
    };
  }, [series, budget, version]);
  if (series === undefined) return error === undefined ? <Loading /> : <Failed error={error} />;
  if (columns === undefined) return <Empty>Nothing has been measured.</Empty>;
  const bytes = (value: number | null): string => (value === null ? '–' : formatBytes(value));
  const percent = (value: number | null): string => (value === null ? '–' : `${value.toFixed(1)} %`);
  const line = (label: string, stroke: string, text: (value: number | null) => string): NamedSeries => ({
    label,
    stroke,
    width: 1.5,
    points: { show: false },
    value: (_chart, value: number | null) => text(value),
  });
  return (
    <section className="charts" aria-label="Resources">
      <Chart
        title="memory"
        palette={palette}
        data={columns.memory}
        axisText={bytes}
        steps={byteSteps}
        series={[
          {
            ...line('of builds', palette.memory, bytes),
            fill: `color-mix(in srgb, ${palette.memory} 15%, transparent)`,
          },
          line('of that, uppers', palette.upper, bytes),
          ...(budget === undefined ? [] : [{ ...line('budget', palette.budget, bytes), dash: [6, 4] }]),
        ]}
        pauses={series.pauses}
      />
      <Chart
        title="busy cores"
        palette={palette}
        data={columns.cores}
        axisText={(value) => (value === null ? '–' : value.toFixed(value < 10 ? 1 : 0))}
        series={[line('of the host', palette.memory, (value) => (value === null ? '–' : value.toFixed(1)))]}
        pauses={series.pauses}
      />
      <Chart
        title="pressure"
        palette={palette}
        data={columns.pressure}
        axisText={(value) => (value === null ? '–' : `${value} %`)}
        series={[
          line('processor', palette.memory, percent),
          line('memory', palette.failed, percent),
          line('disk', palette.upper, percent),
        ]}
        pauses={series.pauses}
      />
      {series.pauses.length === 0 ? null : (
        <p className="quiet">
          Shaded: nothing new was begun, {countOf(series.pauses.length, 'time')}, the last time because{' '}
          {series.pauses.at(-1)?.because}.
        </p>
      )}
    </section>
  );
}
