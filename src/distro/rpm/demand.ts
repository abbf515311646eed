// SPDX-License-Identifier: GPL-2.0-or-later
import type { SolveJob } from '../../host/libsolv/solve.ts';

/** What is to be had: what is asked for, and what the answer to `--why` calls it. */
export interface Demand {
  readonly jobs: readonly SolveJob[];
  /** What asks, for reasons and explanations: `the source`. */
  readonly asker: string;
  /** What meets each thing that is asked for, with its words (`BuildRequires lua >= 5`). */
  readonly needs: readonly { readonly text: string; readonly providers: readonly number[] }[];
}
