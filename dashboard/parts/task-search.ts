// SPDX-License-Identifier: GPL-2.0-or-later

/** What the address of a task's page says: an attempt (default: the last) and a line of its log. */
export interface TaskSearch {
  readonly attempt?: number;
  readonly line?: number;
}

/** Takes from an address what is understood. */
export function readTaskSearch(raw: Record<string, unknown>): TaskSearch {
  const count = (name: string): number | undefined => {
    const value = Number(raw[name]);
    return Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const [attempt, line] = [count('attempt'), count('line')];
  return { ...(attempt === undefined ? {} : { attempt }), ...(line === undefined ? {} : { line }) };
}
