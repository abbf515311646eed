// SPDX-License-Identifier: GPL-2.0-or-later

/** Which colours: as the system has it, unless the reader chose. */
export type Theme = 'system' | 'light' | 'dark';

const key = 'paseka-theme';

/** What the reader chose. */
export function chosenTheme(): Theme {
  try {
    const stored = localStorage.getItem(key);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system'; // a browser may refuse storage to files
  }
}

/** Shows the colours that the reader chose, now and the next time. */
export function applyTheme(theme: Theme = chosenTheme()): void {
  document.documentElement.dataset['theme'] = theme;
  try {
    localStorage.setItem(key, theme);
  } catch {
    // as above
  }
}
