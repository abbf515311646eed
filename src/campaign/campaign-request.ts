// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import { invariant } from '../base/invariant.ts';
import { PasekaError } from '../base/paseka-error.ts';
import type { Distribution, LocalPackage } from '../distro/distribution.ts';
import type { SourceInput } from '../distro/source-input.ts';
import type { CampaignState } from '../events/campaign-state.ts';
import type { TaskId } from '../events/events.ts';
import { copyFile, copyTree, makeDirectory, pathExists } from '../host/files.ts';
import type { CampaignContext } from './campaign-context.ts';
import type { RebuildOptions } from './rebuild-options.ts';

/** What a campaign needs to go on, besides what its events say; kept in the database as JSON. */
export interface CampaignRequest {
  /** Raised when a field changes its meaning. */
  readonly format: 1;
  /** Candidates lie in the pool under their digests. */
  readonly options: RebuildOptions;
  /** Absolute path of the directory that packages and logs are put into too. */
  readonly out?: string;
  readonly graceMs: number;
  /** Whether results of earlier campaigns are taken over. */
  readonly reuse: boolean;
  /** How a change is judged, where there is one. */
  readonly trial: TrialRequest;
  /** Sources of the user's, by task: where their copies are, below the campaign's directory. */
  readonly local: readonly { readonly task: TaskId; readonly path: string }[];
}

export interface TrialRequest {
  /** Whether what failed is built without the change. */
  readonly baseline: boolean;
  /** Whether the exit status tells of regressions only. */
  readonly onlyRegressions: boolean;
}

/** Reads a request that the database has; undefined for one of another format. */
export function parseRequest(text: string): CampaignRequest | undefined {
  const request = JSON.parse(text) as { readonly format?: unknown };
  return request.format === 1 ? (request as CampaignRequest) : undefined;
}

/**
 * Copies the sources that are the user's own below the campaign's directory, so that neither changing nor removing them
 * matters to it: the same sources, the user's from where their copies are, and what a request says of them. Throws PasekaError
 * bad-source-package where they were changed meanwhile, disk-full.
 */
export async function keepLocalSources(
  sources: readonly SourceInput[],
  directory: string,
  distribution: Pick<Distribution, 'openLocalSource'>,
): Promise<{ readonly sources: SourceInput[]; readonly local: CampaignRequest['local'] }> {
  const kept: SourceInput[] = [];
  const local: CampaignRequest['local'][number][] = [];
  for (const [index, source] of sources.entries()) {
    if (source.kind === 'repository') {
      kept.push(source);
      continue;
    }
    const path = join(
      'inputs',
      String(index),
      await copySource(source, join(directory, 'inputs', String(index))),
    );
    kept.push(await distribution.openLocalSource(join(directory, path)));
    local.push({ task: index as TaskId, path });
  }
  return { sources: kept, local };
}

/** The name below `target` that the source has there. */
async function copySource(
  source: Exclude<SourceInput, { kind: 'repository' }>,
  target: string,
): Promise<string> {
  await makeDirectory(target);
  if (source.kind === 'directory') {
    const name = basename(source.path);
    await copyTree(source.path, join(target, name));
    return name;
  }
  for (const path of source.paths) await copyFile(path, join(target, basename(path)));
  const [description] = source.paths;
  invariant(description !== undefined, 'a source package has a file that describes it');
  return basename(description);
}

/**
 * The sources of a campaign that goes on, in the order of its tasks. Throws PasekaError unknown-source for what the snapshot no
 * longer has, bad-source-package for a copy that is gone.
 */
export async function reopenSources(
  context: Pick<CampaignContext, 'distribution' | 'snapshot'>,
  state: CampaignState,
  request: CampaignRequest,
  directory: string,
): Promise<SourceInput[]> {
  const local = new Map(request.local.map(({ task, path }) => [task, join(directory, path)]));
  const sources: SourceInput[] = [];
  for (const { task, source, version } of state.tasks.values()) {
    const path = local.get(task);
    const found =
      path === undefined
        ? context.snapshot.catalog.findSource(source, version)
        : await context.distribution.openLocalSource(path);
    if (found === undefined) {
      throw new PasekaError(
        'unknown-source',
        `the snapshot of the campaign ${state.id} has no ${source} ${version}`,
        'rebuild what you need in a new campaign',
      );
    }
    sources.push(found);
  }
  return sources;
}

/** What a campaign that goes on was started with, the user's packages where they are. Throws PasekaError file-corrupt where one is no longer in the pool. */
export async function reopenRequest(
  context: Pick<CampaignContext, 'pool'>,
  request: CampaignRequest,
): Promise<CampaignRequest> {
  const candidates: LocalPackage[] = [];
  for (const candidate of request.options.candidates) {
    const path = context.pool.pathOf(candidate.sha256);
    if (!(await pathExists(path))) {
      throw new PasekaError(
        'file-corrupt',
        `the package ${candidate.fileName} that the campaign was started with is no longer in the pool`,
        'begin the campaign anew with --with and that package',
      );
    }
    candidates.push({ ...candidate, path });
  }
  return { ...request, options: { ...request.options, candidates } };
}
