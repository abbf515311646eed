// SPDX-License-Identifier: GPL-2.0-or-later
import type { CampaignSummary } from './api/campaigns.ts';

interface Metric {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly values: readonly (readonly [labels: Readonly<Record<string, string>>, value: number])[];
}

/** The server and the campaigns that run, as https://prometheus.io/docs/instrumenting/exposition_formats/ has it. */
export function metricsText(
  campaigns: readonly CampaignSummary[],
  server: { readonly followers: number; readonly version: string },
): string {
  const running = campaigns.filter(({ status }) => status === 'running');
  const ofRunning = (value: (campaign: CampaignSummary) => number): Metric['values'] =>
    running.map((campaign) => [
      { campaign: campaign.id, suite: campaign.suite, architecture: campaign.architecture },
      value(campaign),
    ]);
  const states = ['running', 'interrupted', 'cancelled', 'ended'] as const;
  const metrics: readonly Metric[] = [
    {
      name: 'paseka_info',
      type: 'gauge',
      help: 'The version of the program.',
      values: [[{ version: server.version }, 1]],
    },
    {
      name: 'paseka_campaigns',
      type: 'gauge',
      help: 'Campaigns by how they stand.',
      values: states.map((status) => [
        { status },
        campaigns.filter((campaign) => campaign.status === status).length,
      ]),
    },
    {
      name: 'paseka_campaign_tasks',
      type: 'gauge',
      help: 'Tasks of a running campaign.',
      values: ofRunning(({ tasks }) => tasks),
    },
    {
      name: 'paseka_campaign_tasks_ended',
      type: 'gauge',
      help: 'Tasks of a running campaign that have ended.',
      values: ofRunning(({ ended }) => ended),
    },
    {
      name: 'paseka_campaign_tasks_built',
      type: 'gauge',
      help: 'Tasks of a running campaign that were built and passed.',
      values: ofRunning(({ built }) => built),
    },
    {
      name: 'paseka_campaign_workers',
      type: 'gauge',
      help: 'Workers of a running campaign.',
      values: ofRunning(({ workers }) => workers),
    },
    {
      name: 'paseka_event_clients',
      type: 'gauge',
      help: 'Clients that follow a campaign.',
      values: [[{}, server.followers]],
    },
  ];
  return metrics.map(textOf).join('');
}

function textOf({ name, type, help, values }: Metric): string {
  if (values.length === 0) return '';
  const lines = values.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
    return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}
