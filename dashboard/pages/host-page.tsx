// SPDX-License-Identifier: GPL-2.0-or-later
import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { formatBytes } from '../../src/base/bytes.ts';
import { formatDuration } from '../../src/base/duration.ts';
import type { HostReport } from '../../src/server/api/host.ts';
import { useDocument } from '../data/hooks.ts';
import { Figure } from '../parts/figure.tsx';
import { count, countOf, dateTime } from '../parts/format.ts';
import { Empty, Failed, Loading } from '../parts/messages.tsx';
import { useTitle } from '../parts/use-title.ts';

const refreshMs = 10_000;

/** The machine: what is kept on it, and what sharing that saves. */
export function HostPage(): ReactElement {
  useTitle('Host');
  const { data, error } = useDocument<HostReport>('/api/host', refreshMs);
  if (data === undefined) return error === null ? <Loading /> : <Failed error={error} />;
  const sum = (values: readonly { readonly bytes: number }[]): number =>
    values.reduce((total, { bytes }) => total + bytes, 0);
  return (
    <>
      <h1>Host</h1>
      {error === null ? null : <Failed error={error} />}
      <dl className="figures">
        <Figure name="cores" value={count(data.cores)} />
        <Figure
          name="memory"
          value={formatBytes(data.memoryBytes)}
          beside={`${formatBytes(data.availableBytes)} available`}
        />
        <Figure name="free on disk" value={formatBytes(data.freeBytes)} beside={data.stateDirectory} />
        <Figure name="package files" value={formatBytes(data.pool.bytes)} />
        <Figure name="unpacked" value={countOf(data.unpacked.packages, 'package')} />
        <Figure
          name="layers"
          value={formatBytes(sum(data.layers))}
          beside={countOf(data.layers.length, 'layer')}
        />
      </dl>
      {data.savings === undefined ? (
        <Empty>Nothing has been built yet: what is saved is shown then.</Empty>
      ) : (
        <SavingsTable savings={data.savings} />
      )}
      <h2>Snapshots</h2>
      {data.snapshots.length === 0 ? <Empty>None.</Empty> : <Snapshots snapshots={data.snapshots} />}
      <h2>Bases and layers</h2>
      {data.bases.length + data.layers.length === 0 ? <Empty>None.</Empty> : <Roots host={data} />}
    </>
  );
}

/** What hasher's users measured in 2019 stands beside what is so here. */
function SavingsTable({ savings }: { readonly savings: NonNullable<HostReport['savings']> }): ReactElement {
  const { campaign, workers, index, roots, overheadMs, attempts } = savings;
  const rows = [
    { name: 'package index and its caches', past: '500–640 MB for each', share: index },
    { name: 'root to build in', past: 'a copy for each', share: roots },
  ];
  return (
    <section aria-labelledby="savings">
      <h2 id="savings">What sharing saves</h2>
      <p className="quiet">
        For the {countOf(workers, 'worker')} of{' '}
        <Link to="/campaigns/$campaign" params={{ campaign }}>
          {campaign}
        </Link>
      </p>
      <table className="list">
        <thead>
          <tr>
            <th scope="col">what</th>
            <th scope="col">a builder in 2019</th>
            <th scope="col" className="number">
              private copies
            </th>
            <th scope="col" className="number">
              here, once
            </th>
            <th scope="col" className="number">
              saved
            </th>
          </tr>
        </thead>
        <tbody>
          {rows
            .filter(({ share }) => share.onceBytes > 0)
            .map(({ name, past, share }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{past}</td>
                <td className="number">{formatBytes(share.copiesBytes)}</td>
                <td className="number">{formatBytes(share.onceBytes)}</td>
                <td className="number">{formatBytes(Math.max(0, share.copiesBytes - share.onceBytes))}</td>
              </tr>
            ))}
          <tr>
            <th scope="row">time of a task that is not its build</th>
            <td>20–60 s</td>
            <td className="number" />
            <td className="number">{overheadMs === null ? '–' : formatDuration(overheadMs)}</td>
            <td className="number">
              {overheadMs === null
                ? '–'
                : `${formatDuration(Math.max(0, 20_000 - overheadMs) * attempts)} in all`}
            </td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Snapshots({ snapshots }: Pick<HostReport, 'snapshots'>): ReactElement {
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">id</th>
          <th scope="col">of</th>
          <th scope="col">frozen</th>
          <th scope="col" className="number">
            size
          </th>
        </tr>
      </thead>
      <tbody>
        {snapshots.map(({ id, suite, architecture, createdAt, bytes }) => (
          <tr key={id}>
            <th scope="row">
              <code>{id.slice(0, 12)}</code>
            </th>
            <td>
              {suite} <span className="quiet">{architecture}</span>
            </td>
            <td>{dateTime(Date.parse(createdAt))}</td>
            <td className="number">{formatBytes(bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Roots({ host }: { readonly host: HostReport }): ReactElement {
  const bases = host.bases.map(({ id, variant, bytes }) => ({
    id,
    what: `base, ${variant}`,
    packages: '',
    bytes,
  }));
  const layers = host.layers
    .toSorted((a, b) => b.packages - a.packages)
    .map(({ id, packages, made, bytes }) => ({
      id,
      what: `layer, ${made}`,
      packages: count(packages),
      bytes,
    }));
  return (
    <table className="list">
      <thead>
        <tr>
          <th scope="col">id</th>
          <th scope="col">what</th>
          <th scope="col" className="number">
            packages
          </th>
          <th scope="col" className="number">
            size
          </th>
        </tr>
      </thead>
      <tbody>
        {[...bases, ...layers].map(({ id, what, packages, bytes }) => (
          <tr key={id}>
            <th scope="row">
              <code>{id.slice(0, 12)}</code>
            </th>
            <td>{what}</td>
            <td className="number">{packages}</td>
            <td className="number">{formatBytes(bytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
