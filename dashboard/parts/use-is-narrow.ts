// SPDX-License-Identifier: GPL-2.0-or-later
import { useSyncExternalStore } from 'react';

/** As in style/tasks.css. */
const query = window.matchMedia('(max-width: 720px)');

/** Whether the window is as narrow as a phone's. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(
    (listener) => {
      query.addEventListener('change', listener);
      return () => query.removeEventListener('change', listener);
    },
    () => query.matches,
  );
}
