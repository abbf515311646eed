// SPDX-License-Identifier: GPL-2.0-or-later
import { useEffect, useState } from 'react';
import { type Palette, readPalette } from './palette.ts';

/** The colours of now: another set when the reader or the system changes between light and dark. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(() => readPalette(document.body));
  useEffect(() => {
    const read = (): void => setPalette(readPalette(document.body));
    const system = window.matchMedia('(prefers-color-scheme: dark)');
    const chosen = new MutationObserver(read);
    system.addEventListener('change', read);
    chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      system.removeEventListener('change', read);
      chosen.disconnect();
    };
  }, []);
  return palette;
}
