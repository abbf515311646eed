// SPDX-License-Identifier: GPL-2.0-or-later
/** How words are marked; without colours, each returns its text. */
export interface Style {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
}

const sgr =
  (code: number, isColoured: boolean) =>
  (text: string): string =>
    isColoured && text !== '' ? `\x1b[${code}m${text}\x1b[0m` : text;

/** The style for a stream that shows colours, or doesn't. */
export function makeStyle(isColoured: boolean): Style {
  return {
    good: sgr(32, isColoured),
    bad: sgr(31, isColoured),
    warn: sgr(33, isColoured),
    dim: sgr(2, isColoured),
    bold: sgr(1, isColoured),
  };
}
