// SPDX-License-Identifier: GPL-2.0-or-later

/** What of the host's own packaging settings a user should know, since snapshots follow them. */
export interface HostRemark {
  /** Stable, for scripts. */
  readonly name: string;
  readonly detail: string;
  readonly remedy: string;
}
