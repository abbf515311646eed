// SPDX-License-Identifier: GPL-2.0-or-later

export const campaignViews = ['tasks', 'failures', 'workers', 'resources'] as const;
export type CampaignView = (typeof campaignViews)[number];

export const sortColumns = ['task', 'source', 'outcome', 'wall', 'cpu', 'memory', 'ended'] as const;
export type SortColumn = (typeof sortColumns)[number];

/** What the address of a campaign's page says of what is shown: so that it can be passed on. Absent: as it begins. */
export interface CampaignSearch {
  readonly view?: CampaignView;
  /** Text in source, version or reason. */
  readonly q?: string;
  /** An outcome, a share of the bar or a task's status. */
  readonly outcome?: string;
  readonly class?: string;
  /** The key of a cluster of failures (events/failure-clusters.ts). */
  readonly cluster?: string;
  readonly sort?: SortColumn;
  readonly down?: boolean;
}

/** What of it is to be other; undefined: as it begins. */
export type CampaignSearchChange = {
  readonly [Key in keyof CampaignSearch]?: CampaignSearch[Key] | undefined;
};

/** Takes from an address what is understood. */
export function readCampaignSearch(raw: Record<string, unknown>): CampaignSearch {
  const text = (name: string): string | undefined => {
    const value = raw[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const view = campaignViews.find((one) => one === raw['view']);
  const sort = sortColumns.find((one) => one === raw['sort']);
  const [q, outcome, failureClass] = [text('q'), text('outcome'), text('class')];
  const cluster = text('cluster');
  return {
    ...(view === undefined ? {} : { view }),
    ...(q === undefined || q === '' ? {} : { q }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(failureClass === undefined ? {} : { class: failureClass }),
    ...(cluster === undefined ? {} : { cluster }),
    ...(sort === undefined ? {} : { sort }),
    ...(raw['down'] === true ? { down: true } : {}),
  };
}
