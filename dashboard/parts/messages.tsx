// SPDX-License-Identifier: GPL-2.0-or-later
import type { ReactElement, ReactNode } from 'react';
import { ApiError } from '../data/data-client.ts';

/** While a document is on its way; says so only where that takes long enough to be noticed. */
export function Loading(): ReactElement {
  return (
    <p className="loading" role="status">
      loading
    </p>
  );
}

/** Why there is nothing to see. */
export function Failed({ error }: { readonly error: Error }): ReactElement {
  return (
    <div className="message" role="alert">
      <p>{error.message}</p>
      {error instanceof ApiError && error.hint !== '' ? <p className="quiet">{error.hint}</p> : null}
    </div>
  );
}

/** For an address that leads nowhere. */
export function NothingHere(): ReactElement {
  return (
    <div className="message">
      <p>There is nothing at this address.</p>
    </div>
  );
}

/** A table or list without entries. */
export function Empty({ children }: { readonly children: ReactNode }): ReactElement {
  return <p className="empty">{children}</p>;
}
