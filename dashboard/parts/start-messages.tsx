// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement } from 'react';
import type { Start } from '../data/use-start.ts';
import { Failed } from './messages.tsx';

/** What becomes of something that is being started. */
export function StartMessages({ start }: { readonly start: Start }): ReactElement | null {
  if (start.error !== null) return <Failed error={start.error} />;
  if (!start.isPending) return null;
  return (
    <span role="status" className="quiet">
      starting{start.said === '' ? '' : `: ${start.said}`}
    </span>
  );
}
