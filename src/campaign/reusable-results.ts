// SPDX-License-Identifier: GPL-2.0-or-later
import type { EarlierResults } from '../db/earlier-results.ts';

/** Where earlier results are. */
export interface ReusableResults {
  readonly earlier: Pick<EarlierResults, 'find'>;
  /** The directory of all campaigns. */
  readonly campaigns: string;
}
