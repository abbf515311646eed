// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';

/** A named value in a list of them, with what it is to be read beside. */
export function Figure({
  name,
  value,
  beside,
}: {
  readonly name: string;
  readonly value: string;
  readonly beside?: string;
}): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {beside === undefined || beside === '' ? null : <small>{beside}</small>}
      </dd>
    </div>
  );
}
