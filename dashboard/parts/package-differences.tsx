// SPDX-License-Identifier: GPL-2.0-or-later
import { type ReactElement, useState } from 'react';
import { formatBytes } from '../../src/base/bytes.ts';
import type { PackageDifferences as Differences } from '../../src/server/api/compare.ts';
import { client } from '../data/client.ts';
import { useDocument } from '../data/hooks.ts';
import { Failed, Loading } from './messages.tsx';

interface Props {
  readonly before: string;
  readonly after: string;
  readonly source: string;
}

/** How the packages of two builds differ, looked for when somebody asks. */
export function PackageDifferences(props: Props): ReactElement | null {
  const [isOpen, setOpen] = useState(false);
  if (!client.isLive) return null;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>packages</summary>
      {isOpen ? <Found {...props} /> : null}
    </details>
  );
}

function Found({ before, after, source }: Props): ReactElement {
  const path = `/api/compare/${before}/${after}/packages/${encodeURIComponent(source)}`;
  const { data, error } = useDocument<Differences>(path);
  if (data === undefined) return error === null ? <Loading /> : <Failed error={error} />;
  if (data.differences === null) return <p className="quiet">Files of them are not here any more.</p>;
  if (data.differences.length === 0) return <p className="quiet">They do not differ.</p>;
  return (
    <ul className="differences">
      {data.differences.map((one) => (
        <li key={one.package}>
          {one.package}{' '}
          {one.kind === 'package-gone' ? 'is gone' : one.kind === 'package-added' ? 'is new' : ''}
          <ul>
            {(one.differences ?? []).map((difference) => (
              <li key={JSON.stringify(difference)}>{differenceText(difference)}</li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

type Difference = Readonly<Record<string, unknown>> & { readonly kind: string };

/** campaign/compare/compare-packages.ts says which kinds there are; one that is new is shown as it is. */
function differenceText(difference: Difference): string {
  const of = (key: string): string => {
    const value = difference[key];
    if (Array.isArray(value)) return value.join(', ');
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  switch (difference.kind) {
    case 'version':
      return `version ${of('before')} → ${of('after')}`;
    case 'file-gone':
      return `− ${of('path')}`;
    case 'file-added':
      return `+ ${of('path')}`;
    case 'file-changed':
      return `${of('path')}: ${of('before')} → ${of('after')}`;
    case 'relations':
      return `${of('field')}: ${[of('gone') && `− ${of('gone')}`, of('added') && `+ ${of('added')}`].filter(Boolean).join(' ')}`;
    case 'size':
      return `${of('what')} size ${formatBytes(Number(of('before')))} → ${formatBytes(Number(of('after')))}`;
    default: {
      const { kind, ...rest } = difference;
      return `${kind.replaceAll('-', ' ')} ${Object.values(rest).map(String).join(' ')}`;
    }
  }
}
