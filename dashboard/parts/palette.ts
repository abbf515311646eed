// SPDX-License-Identifier: GPL-2.0-or-later

/** Colours as the style sheet has them now, for what is drawn on a canvas. */
export type Palette = Readonly<Record<PaletteName, string>>;

const names = [
  'text',
  'quiet',
  'line',
  'surface',
  'accent',
  'built',
  'failed',
  'running-piece',
  'memory',
  'upper',
  'budget',
  'phase-before',
  'phase-build',
  'phase-after',
] as const;
type PaletteName = (typeof names)[number];

/** Reads them off `element`: custom properties that hold light-dark() are only resolved where a colour is wanted. */
export function readPalette(element: HTMLElement): Palette {
  const probe = document.createElement('span');
  element.append(probe);
  const found = names.map((name) => {
    probe.style.color = `var(--${name})`;
    return [name, getComputedStyle(probe).color] as const;
  });
  probe.remove();
  return Object.fromEntries(found) as unknown as Palette;
}
