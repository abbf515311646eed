// SPDX-License-Identifier: GPL-2.0-or-later
const unitPowers: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 };

/** Bytes from `512`, `64K`, `1.5G`, `2GiB` (binary units, any case); undefined where it isn't a size. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([kmgt]?)(?:i?b)?$/i.exec(text.trim());
  if (match === null) return undefined;
  const power = unitPowers[(match[2] ?? '').toLowerCase()] ?? 0;
  return Math.round(Number(match[1]) * 1024 ** power);
}

/** For people: `0 B`, `3.3 MB`, `1.2 GB` (binary units, as du -h counts; one decimal below 10). */
export function formatBytes(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'] as const;
  let value = bytes;
  let index = 0;
  while (value >= 1024 && index < names.length - 1) {
    value /= 1024;
    index++;
  }
  return `${index > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${names[index] ?? 'TB'}`;
}
