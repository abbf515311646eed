// SPDX-License-Identifier: GPL-2.0-or-later
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { writeTextAtomically } from '../../host/files.ts';
import { currentLogPath } from '../../host/log/log-paths.ts';
import type { CampaignRecord } from '../../report/campaign-record.ts';
import { junitXml } from '../../report/junit.ts';
import { mailText } from '../../report/mail-text.ts';
import { publishTree } from '../../report/publish-tree.ts';
import type { DocumentOptions } from '../../report/rebuild-json.ts';
import { reportDocument } from '../../report/report-json.ts';
import { exitStatus } from '../exit-status.ts';
import { addCommonOptions, type CommonOptions, countOption } from '../options.ts';
import { makeOutput, type Output } from '../output.ts';
import { makeReportParts } from '../server-parts.ts';
import type { Verb } from '../verb.ts';
import { makeRepository } from './make-repository.ts';
import { type Campaigns, openCampaigns } from './open-campaigns.ts';
import { type CampaignFiles, openRecord } from './open-record.ts';

interface Options extends CommonOptions {
  readonly tree?: string;
  readonly repository?: string;
  readonly junit?: string;
  readonly text?: string;
  readonly html?: string;
  readonly keep: number;
}

/** What a kind of report is made from. */
interface Material {
  readonly campaigns: Campaigns;
  readonly record: CampaignRecord;
  readonly files: CampaignFiles;
  readonly options: Options;
  readonly output: Output;
}

/** One kind of report: writes it to `path` and says in a line what that is. */
interface ReportKind {
  readonly flags: string;
  readonly name: 'tree' | 'repository' | 'junit' | 'text' | 'html';
  readonly description: string;
  readonly write: (material: Material, path: string) => Promise<string>;
}

const kinds: readonly ReportKind[] = [
  {
    name: 'tree',
    flags: '--tree <DIR>',
    description:
      'publish it in a tree: latest/{success,error}/NAME-VERSION, time.list, ftbfs-since, ftbfs-joined',
    write: async ({ record, files, options, output }, path) => {
      const published = await publishTree(record, path, { writeLog: files.writeLog, keep: options.keep });
      if (!published.isLatest) output.warning(`${path} has a newer campaign: this one is not its latest`);
      return `${published.success} built and ${published.error} failed sources in ${published.directory}`;
    },
  },
  {
    name: 'repository',
    flags: '--repository <DIR>',
    description:
      'a repository of the packages that were built, not signed (its README says how that is done)',
    write: ({ record, files }, path) => makeRepository(record, files, path),
  },
  {
    name: 'junit',
    flags: '--junit <FILE>',
    description: 'JUnit XML',
    write: async ({ record }, path) => {
      await writeTextAtomically(path, junitXml(record.state));
      return `JUnit XML in ${path}`;
    },
  },
  {
    name: 'text',
    flags: '--text <FILE>',
    description: 'the summary for mail, which is also what is printed',
    write: async ({ record }, path) => {
      await writeTextAtomically(path, mailText(record));
      return `summary in ${path}`;
    },
  },
  {
    name: 'html',
    flags: '--html <FILE.html|DIR>',
    description:
      'the dashboard with this campaign in it, to be opened without a server; a directory for many tasks',
    write: async ({ record, campaigns }, path) => {
      const parts = await makeReportParts(campaigns);
      using _feeds = parts.feeds;
      const { writeHtmlReport } = await import('../../server/report/write-html-report.ts');
      await writeHtmlReport(parts, record.state.id, path);
      return `open ${path.endsWith('.html') ? path : join(path, 'index.html')} in a browser`;
    },
  },
];

/** `paseka campaign report`. */
export function reportVerb(): Verb {
  const command = new Command('report')
    .description('a summary of a campaign, and its results as files for others')
    .argument('<ID>', 'its id, or the beginning of it');
  for (const { flags, description } of kinds) command.option(flags, description);
  command.option('--keep <N>', 'with --tree: campaigns that stay in it', countOption, 3);
  return { command: addCommonOptions(command), run: runReport };
}

/** Writes what was asked for; with nothing asked for, prints the summary. It only reads the campaign. */
async function runReport(id: string, options: Options): Promise<number> {
  const output = makeOutput(options);
  using campaigns = await openCampaigns(options);
  await using opened = await openRecord(campaigns, id);
  const { record, files } = opened;
  const written: Record<string, string> = {};
  for (const kind of kinds) {
    const word = options[kind.name];
    if (word === undefined) continue;
    const path = resolve(word);
    output.progress(await kind.write({ campaigns, record, files, options, output }, path));
    written[kind.name] = path;
  }
  const isAskedFor = Object.keys(written).length > 0;
  const document = { ...reportDocument(record, documentOptions(files)), written };
  output.result(document, () => (isAskedFor ? '' : mailText(record)));
  return exitStatus.passed;
}

function documentOptions({ directory }: CampaignFiles): DocumentOptions {
  return { directory, logPath: (log) => currentLogPath(join(directory, log)) };
}
