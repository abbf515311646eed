// SPDX-License-Identifier: GPL-2.0-or-later
import { basename, join } from 'node:path';
import { PasekaError } from '../../base/paseka-error.ts';
import { resultsDirectory } from '../../campaign/results-directory.ts';
import type { RepositoryFile } from '../../distro/distribution.ts';
import { pathExists } from '../../host/files.ts';
import type { CampaignRecord } from '../../report/campaign-record.ts';
import type { CampaignFiles } from './open-record.ts';

/**
 * Makes a repository of what a campaign built, with the sources: those of the snapshot where their files are still in the pool, source
 * packages of the user's, and those that the builds made; a line that says what is in it. Throws PasekaError bad-option where nothing was built.
 */
export async function makeRepository(
  { state, originOf }: CampaignRecord,
  files: CampaignFiles,
  directory: string,
): Promise<string> {
  const built: RepositoryFile[] = [];
  const sources: RepositoryFile[] = [];
  let missing = 0;
  for (const task of state.tasks.values()) {
    if (task.outcome?.kind !== 'built') continue;
    const { source, version } = task;
    const origin = originOf(task);
    const { artifacts = [] } = origin?.task ?? {};
    const id = origin?.campaign ?? state.id;
    const results = resultsDirectory(files.campaigns, { id }, origin?.task ?? task);
    for (const { file } of artifacts) {
      const path = join(results, file);
      const place = files.distribution.isSourceFile(file) ? sources : built;
      if (await pathExists(path)) place.push({ source, fileName: file, path });
      else missing++;
    }
    const own = files.localSources().find((one) => one.task === task.task);
    sources.push(
      ...(own === undefined
        ? await pooledSource(files, source, version)
        : await ownSource(files, source, own.path)),
    );
  }
  if (built.length === 0) {
    const why = missing === 0 ? 'it built nothing' : `its ${missing} result files are not here any more`;
    throw new PasekaError(
      'bad-option',
      `there is nothing for a repository in ${state.id}: ${why}`,
      'choose another campaign',
    );
  }
  const { suite, architecture } = state;
  const made = await files.distribution.makeRepository({
    directory,
    suite: `${suite}-rebuilt`,
    architecture,
    description: `built by paseka in campaign ${state.id}`,
    packages: built,
    sources,
  });
  return `${made.packages} packages and ${made.sources} sources in ${directory}`;
}

/** All files of a source package of the user's, from the copy that the campaign has. */
async function ownSource(files: CampaignFiles, source: string, place: string): Promise<RepositoryFile[]> {
  const path = join(files.directory, place);
  if (!(await pathExists(path))) return [];
  const opened = await files.distribution.openLocalSource(path);
  if (opened.kind !== 'local') return [];
  return opened.paths.map((file) => ({ source, fileName: basename(file), path: file }));
}

/** All files of a source of the snapshot, where all of them are here. */
async function pooledSource(
  files: CampaignFiles,
  source: string,
  version: string,
): Promise<RepositoryFile[]> {
  const found = files.catalog?.findSource(source, version);
  if (found?.kind !== 'repository') return [];
  const pooled: RepositoryFile[] = [];
  for (const { fileName, sha256, bytes } of found.files) {
    if (!(await files.pool.has(sha256, bytes))) return [];
    pooled.push({ source, fileName, path: files.pool.pathOf(sha256) });
  }
  return pooled;
}
