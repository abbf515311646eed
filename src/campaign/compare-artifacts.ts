// SPDX-License-Identifier: GPL-2.0-or-later
import { join } from 'node:path';
import type { Distribution } from '../distro/distribution.ts';
import type { PackageDescription } from '../distro/package-description.ts';
import type { TaskState } from '../events/campaign-state.ts';
import type { Artifact } from '../events/events.ts';
import { pathExists } from '../host/files.ts';
import { type BuildDifference, compareBuilds, type SizeThreshold } from './compare/compare-packages.ts';

/** How the packages of two builds differ, or why that can't be told. */
export type ArtifactComparison =
  | { readonly kind: 'compared'; readonly differences: readonly BuildDifference[] }
  /** Files that are not there any more. */
  | { readonly kind: 'deleted'; readonly files: readonly string[] };

export interface CompareArtifactsRequest {
  readonly before: TaskState;
  readonly after: TaskState;
  /** Where a task's results were kept. */
  readonly directoryOf: (side: 'before' | 'after') => string;
  readonly scratchDirectory: string;
  readonly threshold: SizeThreshold;
}

/** Compares what two builds of a source gave, package by package; files that are equal to the byte are not read. */
export async function compareArtifacts(
  distribution: Pick<Distribution, 'isComparedPackage' | 'describePackage'>,
  request: CompareArtifactsRequest,
): Promise<ArtifactComparison> {
  const packagesOf = ({ artifacts }: TaskState): Artifact[] =>
    artifacts.filter(({ file }) => distribution.isComparedPackage(file));
  const [before, after] = [packagesOf(request.before), packagesOf(request.after)];
  const equal = new Set(before.map(({ sha256 }) => sha256)).intersection(
    new Set(after.map(({ sha256 }) => sha256)),
  );
  const describe = async (side: 'before' | 'after', artifacts: readonly Artifact[]): Promise<Described> => {
    const packages: PackageDescription[] = [];
    const deleted: string[] = [];
    for (const { file, sha256 } of artifacts) {
      if (equal.has(sha256)) continue;
      const path = join(request.directoryOf(side), file);
      if (await pathExists(path)) {
        packages.push(await distribution.describePackage(path, request.scratchDirectory));
      } else deleted.push(path);
    }
    return { packages, deleted };
  };
  const [old, fresh] = [await describe('before', before), await describe('after', after)];
  const files = [...old.deleted, ...fresh.deleted];
  if (files.length > 0) return { kind: 'deleted', files };
  return { kind: 'compared', differences: compareBuilds(old.packages, fresh.packages, request.threshold) };
}

interface Described {
  readonly packages: readonly PackageDescription[];
  readonly deleted: readonly string[];
}
