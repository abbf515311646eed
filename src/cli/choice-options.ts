// SPDX-License-Identifier: GPL-2.0-or-later
import type { Command } from 'commander';
import { PasekaError } from '../base/paseka-error.ts';
import { failedSources } from '../campaign/choose/failed-sources.ts';
import { isAsking, type Selection } from '../campaign/choose/selection.ts';
import { parseSourceList } from '../campaign/choose-sources.ts';
import type { CampaignStore } from '../db/campaign-store.ts';
import { readTextIfExists } from '../host/files.ts';
import { readStandardInput } from '../host/standard-input.ts';
import { countOption, listOption } from './options.ts';

/** What says which sources are meant. */
export interface ChoiceOptions {
  readonly from?: string;
  readonly all: boolean;
  readonly match?: readonly string[];
  readonly section?: readonly string[];
  readonly maintainer?: readonly string[];
  readonly reverseBuildDependsOf?: readonly string[];
  readonly depth?: number;
  readonly failedIn?: readonly string[];
  readonly exclude?: readonly string[];
  readonly sample?: number;
  readonly seed?: string;
  readonly limit?: number;
}

export function addChoiceOptions(command: Command): Command {
  return command
    .option('--from <FILE>', 'read sources from a file, one on each line (- for standard input)')
    .option('--all', 'every source of the suite', false)
    .option('--match <GLOB>', "sources whose name it is, such as 'lib*-perl'; may be repeated", listOption)
    .option('--section <SECTION>', 'sources of a section; may be repeated', listOption)
    .option(
      '--maintainer <TEXT>',
      'sources with this in the name or address of a maintainer or uploader; may be repeated',
      listOption,
    )
    .option(
      '--reverse-build-depends-of <PKG>',
      'sources that need this package, or src:NAME, to be built; may be repeated',
      listOption,
    )
    .option(
      '--depth <N>',
      'and N - 1 times more the sources that need packages of those (default: 1)',
      countOption,
    )
    .option(
      '--failed-in <CAMPAIGN>',
      'sources that did not pass in an earlier campaign; may be repeated',
      listOption,
    )
    .option('--exclude <GLOB>', 'of all these leave sources of this name out; may be repeated', listOption)
    .option('--sample <N>', 'of all these N by chance', countOption)
    .option('--seed <TEXT>', 'with --sample: the same text draws the same sources (default: 0)')
    .option('--limit <N>', 'of all these the first N', countOption);
}

/**
 * Throws bad-option where nothing is asked for; the list that may come from standard input is not read.
 * @param hasDefault whether something is rebuilt where nothing is asked for.
 */
export function checkChoice(words: readonly string[], options: ChoiceOptions, hasDefault: boolean): void {
  const isAsked =
    options.from !== undefined || options.failedIn !== undefined || isAsking(selectionOf(words, options, []));
  if (!isAsked && !hasDefault) throw nothingToRebuild();
  if (options.depth !== undefined && options.reverseBuildDependsOf === undefined) {
    throw new PasekaError(
      'bad-option',
      '--depth without --reverse-build-depends-of',
      'say what the sources are to depend on',
    );
  }
  if (options.seed !== undefined && options.sample === undefined) {
    throw new PasekaError('bad-option', '--seed without --sample', 'say how many sources are to be drawn');
  }
}

/**
 * The whole selection, with the list read; where nothing is asked for, the sources that need these packages. Throws
 * bad-option where there are none of them either, bad-package-list, unknown-campaign.
 */
export async function readSelection(
  words: readonly string[],
  options: ChoiceOptions,
  changed: readonly string[],
  campaigns: CampaignStore,
): Promise<Selection> {
  const failedIn = (options.failedIn ?? []).map((wanted) =>
    failedSources(wanted, campaigns.state(campaigns.find(wanted).id)),
  );
  const asked = selectionOf([...words, ...(await readList(options.from))], options, failedIn);
  const selection = isAsking(asked) ? asked : { ...asked, reverseBuildDependsOf: changed };
  if (!isAsking(selection)) throw nothingToRebuild();
  return selection;
}

function selectionOf(
  words: readonly string[],
  options: ChoiceOptions,
  failedIn: Selection['failedIn'],
): Selection {
  return {
    words,
    failedIn,
    all: options.all,
    match: options.match ?? [],
    section: options.section ?? [],
    maintainer: options.maintainer ?? [],
    reverseBuildDependsOf: options.reverseBuildDependsOf ?? [],
    depth: options.depth ?? 1,
    exclude: options.exclude ?? [],
    seed: options.seed ?? '0',
    ...(options.sample === undefined ? {} : { sample: options.sample }),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
  };
}

function nothingToRebuild(): PasekaError {
  return new PasekaError(
    'bad-option',
    'nothing to rebuild',
    'name at least one source, or say which: --from FILE, --match GLOB, --all; see paseka rebuild --help',
  );
}

async function readList(file: string | undefined): Promise<string[]> {
  if (file === undefined) return [];
  const text = file === '-' ? await readStandardInput() : await readTextIfExists(file);
  if (text === undefined) {
    throw new PasekaError('bad-package-list', `${file}: no such file`, 'give the path of a list of sources');
  }
  return parseSourceList(text, file);
}
