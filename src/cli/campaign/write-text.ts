// SPDX-License-Identifier: GPL-2.0-or-later
import { once } from 'node:events';

/** Writes to standard output, no faster than whoever reads it. */
export async function writeText(text: string): Promise<void> {
  if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain');
}
