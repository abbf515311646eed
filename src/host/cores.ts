// SPDX-License-Identifier: GPL-2.0-or-later
import * as os from 'node:os';

/** Cores that this process may use (its CPU affinity counted). */
export function availableParallelism(): number {
  return os.availableParallelism();
}
