// SPDX-License-Identifier: GPL-2.0-or-later
import { useEffect } from 'react';

/** Names the page in the browser's tab. */
export function useTitle(...words: readonly string[]): void {
  const title = [...words, 'Paseka'].join(' · ');
  useEffect(() => {
    document.title = title;
  }, [title]);
}
