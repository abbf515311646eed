// SPDX-License-Identifier: GPL-2.0-or-later

const grouped = new Intl.NumberFormat('en-GB');
const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });
const clock = new Intl.DateTimeFormat('sv-SE', { timeStyle: 'medium' });

/** `34,000`. */
export function count(value: number): string {
  return grouped.format(value);
}

/** `1 task`, `34,000 tasks`. */
export function countOf(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `2026-03-01 14:25`, in the reader's own zone. */
export function dateTime(at: number): string {
  return day.format(at);
}

/** `14:25:30`. */
export function timeOfDay(at: number): string {
  return clock.format(at);
}

/** `12 %`, and not 100 before all are. */
export function percent(part: number, whole: number): string {
  if (whole === 0) return '';
  return `${part === whole ? 100 : Math.min(99, Math.round((100 * part) / whole))} %`;
}
